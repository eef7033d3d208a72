// Uses the page as a reader does. `run.sh` makes the pages and calls this: node check.js CHROMIUM WIREGRAPH FOLDER
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [executablePath, wiregraph, folder] = process.argv.slice(2);
const MEGABYTE = 1_000_000;
/** What a reader does not notice as waiting, in milliseconds. */
const AT_ONCE = 200;
const DESK = { viewport: { width: 1440, height: 1000 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

// A container's root has no sandbox; the pages are this project's own.
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });

/** Opens a page from disk; whatever it says or asks for fails the test. */
async function open(name, options = DESK) {
  const context = await browser.newContext({ ...options, acceptDownloads: true });
  const page = await context.newPage();
  const address = pathToFileURL(join(folder, name)).href;
  page.setDefaultTimeout(15_000);
  page.wrong = [];
  page.on("console", (message) => page.wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.wrong.push(`error: ${error}`));
  page.on("dialog", (dialog) => page.wrong.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => {
    const [own] = request.url().split("#");
    if (own !== address && !/^(blob|data):/.test(own)) page.wrong.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  return page;
}

async function done(page) {
  await page.waitForTimeout(150);
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

/** The page's data, with names for what the tests look at; `src/report/data.rs` says what stands where. */
async function data(page) {
  const all = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
  const { strings } = all;
  const several = (list, size) => Array.from({ length: list.length / size }, (_, at) => list.slice(size * at, size * (at + 1)));
  const claims = all.claims.map((row) => ({ article: row[1], sentence: row[2], said: Object.fromEntries(several(row[9], 2).map((pair) => pair.map((at) => strings[at]))),
    slots: several(row[13], 5).map(([slot, start, length]) => ({ slot: strings[slot], at: [start, start + length] })) }));
  return { ...all, claims };
}
const count = async (page) => Number((await page.textContent(".count")).replaceAll(",", "").match(/\d+/)[0]);
const focused = (page, selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);

/** Saves what a button gives. */
async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: `Save the selection as ${name}` }).click()]);
  return readFileSync(await download.path(), "utf8");
}

/** RFC 4180. */
function rows(csv) {
  const all = [[]];
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    all.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === "\r\n") all.push([]);
    if (end === "") break;
  }
  return all.filter((row) => row.length > 1);
}

const tests = {
  async "a mark leads to its sentence, marked"() {
    const page = await open("stories.html");
    const { claims, articles } = await data(page);
    const mark = page.locator(".chart .point").first();
    const claim = claims[Number(await mark.getAttribute("data-claim"))];
    await mark.click({ force: true });
    const sentence = page.locator(".sentence");
    const words = articles[claim.article].text.slice(...claim.sentence);
    const shown = await sentence.evaluate((element) => {
      const copy = element.cloneNode(true);
      copy.querySelectorAll(".label").forEach((label) => label.remove());
      return copy.textContent;
    });
    assert.equal(shown, words);
    assert(await sentence.evaluate((element) => element === document.activeElement), "the sentence has the focus");
    const box = await sentence.boundingBox();
    assert(box.y >= 0 && box.y < 1000, "the sentence is in sight");
    const number = claim.said["wg:valueText"];
    const current = await page.textContent(".sentence .figure[aria-current]");
    assert(number.includes(current), `${current} of ${number}`);
    for (const { slot, at } of claim.slots) {
      const marked = await page.locator(`mark[data-slots~="${slot.split(":")[1]}"] >> :is(.figure, .mention, span):not(.label, .unseen)`).allTextContents();
      const word = articles[claim.article].text.slice(...at);
      assert(marked.join("").includes(word.slice(0, 4)), `${slot}: ${word} in ${marked}`);
    }
    assert(await page.locator(".chain li").count() > 0, "who says so");
    await done(page);
  },

  async "reprints are one mark, and what is contradicted says why on hover and on focus"() {
    const page = await open("stories.html");
    const { links, strings } = await data(page);
    const wrong = links.filter(([, kind]) => /contradicts|misreports/.test(strings[kind]));
    assert(wrong.length > 0);
    let seen = 0;
    for (const button of await page.locator(".series .one").all()) {
      await button.click();
      for (const mark of await page.locator(".chart .point").all()) {
        const own = Number(await mark.getAttribute("data-claim"));
        const reasons = wrong.filter(([claim, , other]) => claim === own || other === own).map(([, , , reason]) => reason);
        assert(!links.some(([claim, kind]) => claim === own && strings[kind] === "wg:repeats"), "a repeat has no mark of its own");
        if (reasons.length === 0) continue;
        for (const show of ["hover", "focus"]) {
          await page.mouse.move(0, 0);
          await mark[show]({ force: true });
          const told = await page.textContent("#tip");
          assert(reasons.every((reason) => told.includes(reason)), `${show}: ${told}`);
        }
        seen += 1;
      }
    }
    assert(seen > 0);
    await done(page);
  },

  async "filters leave what fits, and the selection is saved"() {
    const page = await open("stories.html");
    const all = await count(page);
    await page.selectOption("#filter-event", "Killed");
    const killed = await count(page);
    assert(killed > 0 && killed < all);
    await page.fill("#filter-confidence", "0.3");
    const sure = await count(page);
    await page.fill("#filter-text", "soldiers");
    await page.waitForFunction((before) => !document.querySelector(".count").textContent.startsWith(`${before} `), sure);
    const left = await count(page);
    assert(left > 0 && left < sure && sure < killed);
    const events = await page.locator("#claims td[data-name=Event]").allTextContents();
    assert(events.length > 0 && events.every((event) => event === "Killed"));
    assert.match(await page.textContent("[role=status]"), new RegExp(`^${left} of`));

    const [head, ...body] = rows(await saved(page, "CSV"));
    assert.equal(body.length, left);
    assert(body.every((row) => row.length === head.length && row[head.indexOf("event")] === "Killed" && Number(row[head.indexOf("confidence")]) >= 0.3));
    assert(body.every((row) => /soldiers/i.test(row.join(" "))));

    const text = await saved(page, "JSON-LD");
    const { "@context": context, "@graph": nodes } = JSON.parse(text);
    assert.equal(context["schema:value"]["@type"], "xsd:decimal");
    const claims = nodes.filter((node) => node["@type"]?.includes("wg:Claim"));
    assert.deepEqual(new Set(claims.map((node) => node["@id"])), new Set(body.map((row) => row[0])));
    // The program itself reads it, and finds each claim with its sentence in the graph that it is from.
    const query = "SELECT ?c ?s ?h WHERE { ?c a wg:Claim ; schema:text ?s ; prov:wasDerivedFrom/oa:hasSelector/oa:exact ?s ; schema:appearance/wg:sha256 ?h }";
    const ask = (graph, input) => JSON.parse(execFileSync(wiregraph, ["query", graph, query, "--format", "json"], { input, maxBuffer: 1e9 })).results.bindings;
    const key = (row) => `${row.c.value} ${row.s.value} ${row.h.value}`;
    const whole = new Set(ask(join(folder, "stories.jsonld")).map(key));
    const selected = ask("-", text).map(key);
    assert(selected.length === left && selected.every((one) => whole.has(one)));

    await page.click("text=Clear filters");
    assert.equal(await count(page), all);
    await done(page);
  },

  async "the keyboard is enough"() {
    const page = await open("stories.html");
    await page.keyboard.press("Tab");
    assert(await focused(page, ".skip"));
    await page.keyboard.press("Enter");
    const until = async (selector, most = 200) => {
      for (let step = 0; step < most && !(await focused(page, selector)); step++) await page.keyboard.press("Tab");
      assert(await focused(page, selector), `no way to ${selector}`);
    };
    await until("#filter-event");
    await page.keyboard.type("Killed");
    await until(".series .one:not([aria-pressed=true])");
    await page.keyboard.press("Enter");
    assert(await focused(page, ".series .one[aria-pressed=true]"));
    await until(".chart .point");
    await page.keyboard.press("End");
    assert(await focused(page, ".chart .point:last-child"));
    await page.keyboard.press("Home");
    assert(await page.isVisible("#tip"));
    await page.keyboard.press("Enter");
    assert(await focused(page, ".sentence"));
    await page.keyboard.press("Escape");
    await until("#claims thead button");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#claims th[aria-sort=ascending], #claims th[aria-sort=descending]").count(), 1);
    await until("#claims tbody button");
    await page.keyboard.press("Enter");
    assert(await focused(page, ".sentence"));
    await page.locator("#network .point").first().focus();
    const before = await page.locator("#network-of").inputValue();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.notEqual(await page.locator("#network-of").inputValue(), before);
    await page.locator("#places .point").first().focus();
    await page.keyboard.press("Enter");
    assert.notEqual(await page.locator("#filter-place").inputValue(), "");
    const unnamed = await page.evaluate(() => [...document.querySelectorAll("button, select, input, [role=button]")]
      .filter((one) => !(one.textContent.trim() || one.getAttribute("aria-label") || one.labels?.length)).map((one) => one.outerHTML));
    assert.deepEqual(unnamed, []);
    await done(page);
  },

  async "a hostile article is text"() {
    const page = await open("hostile.html");
    const { articles, claims } = await data(page);
    for (const row of await page.locator("#claims tbody tr button").all()) {
      await row.click();
      const title = await page.textContent("#article h2");
      assert(articles.some((article) => article.headline === title), title);
    }
    assert(articles.some((article) => article.headline.includes("<img src=x onerror=")), "the headline is the hostile one");
    assert.equal(await page.title(), "wiregraph report");
    assert.equal(await page.locator("img, main script, aside script, [onerror], [onmouseover]").count(), 0);
    for (const address of await page.locator("a[href]").evaluateAll((links) => links.map((link) => link.getAttribute("href")))) {
      assert.match(address, /^(https?:|#)/);
    }
    const cells = rows(await saved(page, "CSV")).slice(1).flat();
    assert(cells.some((cell) => cell.startsWith("'=HYPERLINK")) && cells.some((cell) => cell.startsWith("'@SUM")));
    assert(claims.length > 1 && cells.every((cell) => !/^[=+@]/.test(cell)));
    // Nothing that did find its way in could run.
    const stopped = await page.evaluate(() => new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), { once: true });
      document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'owned'" }));
    }));
    assert.match(stopped, /^script-src/);
    assert.equal(await page.title(), "wiregraph report");
    page.wrong = page.wrong.filter((message) => !message.includes("Content Security Policy"));
    await done(page);
  },

  async "a phone scrolls one way"() {
    const page = await open("stories.html", PHONE);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert(await wide() <= 0);
    await page.locator(".chart .point").first().click({ force: true });
    assert(await page.isVisible(".sentence") && await wide() <= 0);
    assert(await page.evaluate(() => document.querySelector("#article").scrollWidth <= innerWidth));
    await page.getByRole("button", { name: "Close" }).click();
    assert(!(await page.isVisible(".sentence")));
    await done(page);
  },

  async "dark, light and paper are told apart"() {
    const shade = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [light, dark] = [await open("stories.html"), await open("stories.html", { ...DESK, colorScheme: "dark" })];
    assert.notEqual(await shade(light), await shade(dark));
    await dark.emulateMedia({ media: "print" });
    assert.equal(await shade(dark), "rgb(255, 255, 255)");
    assert(!(await dark.isVisible(".fields")) && await dark.isVisible(".chart svg") && await dark.isVisible("#claims table"));
    await done(light);
    await done(dark);
  },

  async "a thousand articles answer at once"() {
    assert(statSync(join(folder, "thousand.html")).size < 15 * MEGABYTE);
    const page = await open("thousand.html");
    assert((await data(page)).articles.length >= 1000);
    const times = await page.evaluate(async () => {
      const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const times = {};
      for (const [id, values] of [["filter-event", ["Killed", "Wounded", ""]], ["filter-actor", [1, 2, 0]], ["filter-certainty", [1, 0]]]) {
        const select = document.getElementById(id);
        for (const value of values) {
          const from = performance.now();
          select.value = typeof value === "number" ? select.options[value].value : value;
          select.dispatchEvent(new Event("change"));
          await painted();
          times[`${id} ${select.value}`] = performance.now() - from;
          // What stands further down follows.
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
      }
      const text = document.getElementById("filter-text");
      const from = performance.now();
      const before = document.querySelector(".count").textContent;
      text.value = "border guard";
      text.dispatchEvent(new Event("input"));
      while (document.querySelector(".count").textContent === before) await painted();
      times.words = performance.now() - from;
      return times;
    });
    for (const [what, time] of Object.entries(times)) assert(time < AT_ONCE, `${what}: ${time.toFixed(0)} ms`);
    console.log(`    the slowest of ${Object.keys(times).length} answers took ${Math.max(...Object.values(times)).toFixed(0)} ms`);
    await done(page);
  },

  async "a page with a limit says what it holds"() {
    assert(statSync(join(folder, "limited.html")).size <= MEGABYTE);
    const page = await open("limited.html");
    const { about, articles } = await data(page);
    assert(articles.length > 0 && articles.length < about.articlesInGraph);
    const notice = await page.textContent(".notice");
    assert(notice.includes("most connected") && notice.replaceAll(",", "").includes(String(about.articlesInGraph)), notice);
    await done(page);
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok  ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exitCode = failed ? 1 : 0;
