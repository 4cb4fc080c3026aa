// Loaded into every shop: it ends when whoever started it has ended, however that came about.
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
process.stdin.resume();
