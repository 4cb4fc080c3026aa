const { defineConfig } = require("@medusajs/framework/utils")

const { DATABASE_URL, SECRET } = process.env
const nobody = "http://127.0.0.1"

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: DATABASE_URL,
    databaseDriverOptions: { connection: { ssl: false } },
    http: { adminCors: nobody, authCors: nobody, storeCors: nobody, jwtSecret: SECRET, cookieSecret: SECRET },
  },
  admin: { disable: true },
})
