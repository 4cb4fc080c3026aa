// A Vendure with nothing of its own: PostgreSQL, a way to pay that always works, and no limit on what a cart holds.
import {
  bootstrap,
  DefaultLogger,
  dummyPaymentHandler,
  JobQueueService,
  LogLevel,
} from "@vendure/core";

const database = new URL(process.env.SHOP_DATABASE);

const app = await bootstrap({
  apiOptions: {
    hostname: "127.0.0.1",
    port: Number(process.env.SHOP_PORT),
    adminApiPath: "admin-api",
    shopApiPath: "shop-api",
    cors: false,
  },
  authOptions: {
    tokenMethod: ["bearer"],
    superadminCredentials: {
      identifier: process.env.SHOP_USER,
      password: process.env.SHOP_PASSWORD,
    },
  },
  dbConnectionOptions: {
    type: "postgres",
    host: database.hostname,
    port: Number(database.port),
    username: database.username,
    database: database.pathname.slice(1),
    synchronize: true,
  },
  orderOptions: { orderItemsLimit: 1_000_000_000, orderLineItemsLimit: 1_000_000_000 },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new DefaultLogger({ level: LogLevel.Warn }),
});

// Categories are filled by a job.
await app.get(JobQueueService).start();
