// A picture of the page for the README: node picture.js CHROMIUM PAGE FILE
import { chromium } from "playwright-core";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [executablePath, from, to] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
const page = await browser.newPage({ viewport: { width: 1360, height: 820 } });
await page.goto(pathToFileURL(resolve(from)).href);
await page.waitForSelector("html[data-ready]", { state: "attached" });
// A figure that somebody contradicts, with the reason shown.
const marks = page.locator(".chart .point");
const disputed = await marks.evaluateAll((all) => all.findIndex((mark) => /contradict/.test(mark.getAttribute("aria-label"))));
await marks.nth(Math.max(disputed, 0)).click({ force: true });
await marks.nth(Math.max(disputed, 0)).hover({ force: true });
await page.screenshot({ path: to });
await browser.close();
