/**
 * The README's tour, by the generated types: `scripts/sdk --check` compiles it, and walks it where `GUANXI` says which
 * server and `KEY` with which API key. It makes records of its own each time.
 */
import { ok } from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { all, connect, etag, form, good, type Guanxi, Refused, type Schemas } from "./client.js";

const tour = [company, order, conflict, questions, duplicates, names, once, batch, files, overview, archive, program];

async function main(): Promise<void> {
    const guanxi = connect({ url: needed("GUANXI"), token: needed("KEY") });
    const { status, version } = await good(guanxi.GET("/readyz"));
    const { user, tenant } = await good(guanxi.GET("/v1/me"));
    console.log(`The server is ${status} (version ${version}); I am ${user.display_name} of ${tenant.name}`);
    for (const stop of tour) {
        await stop(guanxi);
        console.log(`ok ${stop.name}`);
    }
}

/** What the records of this walk are told from others by. */
const walk = `${Date.now()}-${randomInt(1e6)}`;
const account = uuid();
const contact = uuid();
const product = uuid();
const purchase = uuid();

/** A client may make the ids itself, and so create offline. */
async function company(guanxi: Guanxi): Promise<void> {
    const name = `Aurora Tea ${walk}`;
    const made = await good(guanxi.POST("/v1/accounts", { body: { id: account, name, industry: "retail" } }));
    equal(made.version, 1);
    const person = { id: contact, account_id: account, family_name: "欧阳", given_name: "晓明", email: mail("xiaoming") };
    const { display_name } = await good(guanxi.POST("/v1/contacts", { body: person }));
    equal(display_name, "欧阳晓明");
}

/** Money is a decimal string, never a float. */
async function order(guanxi: Guanxi): Promise<void> {
    const unit_price = { amount: "268.00", currency: "CNY" };
    await good(guanxi.POST("/v1/products", { body: { id: product, sku: `TEA-${walk}`, name: "西湖龙井", unit_price } }));
    const body: Schemas["NewOrder"] = {
        id: purchase,
        account_id: account,
        contact_id: contact,
        currency: "CNY",
        shipping: "12.00",
        lines: [{ product_id: product, quantity: "2", discount_rate: "0.05", tax_rate: "0.13" }],
    };
    const { total } = await good(guanxi.POST("/v1/orders", { body }));
    equal(`${total.amount} ${total.currency}`, "587.40 CNY");
}

/** Whoever comes second with an old version is told what has changed. */
async function conflict(guanxi: Guanxi): Promise<void> {
    const path = { id: contact };
    const first = await guanxi.GET("/v1/contacts/{id}", { params: { path } });
    const headers = { "if-match": etag(first.response) };
    await good(guanxi.PATCH("/v1/contacts/{id}", { params: { path }, headers, body: { job_title: "采购经理" } }));
    const late = guanxi.PATCH("/v1/contacts/{id}", { params: { path }, headers, body: { job_title: "店长" } });
    equal((await refused(good(late))).status, 412);
}

/** One language for filters, across relations; search in any script. */
async function questions(guanxi: Guanxi): Promise<void> {
    const filter = `orders.exists(o, o.total.amount > 500) && name.endsWith("${walk}")`;
    const buyers = all((cursor) =>
        guanxi.GET("/v1/accounts", { params: { query: { filter, sort: "name", limit: 1, ...after(cursor) } } }),
    );
    equal(ids(await everything(buyers)), account);
    const found = await good(guanxi.GET("/v1/contacts", { params: { query: { q: "阳晓", filter: `id == "${contact}"` } } }));
    equal(ids(found.data), contact);
    const query = { fields: "number,total", include: "lines,account.owner" };
    const seen = await good(guanxi.GET("/v1/orders/{id}", { params: { path: { id: purchase }, query } }));
    equal(Object.keys(seen).sort().join(), "account,lines,number,total");
}

async function duplicates(guanxi: Guanxi): Promise<void> {
    const twin = good(guanxi.POST("/v1/contacts", { body: { display_name: "欧阳", email: mail("xiaoming") } }));
    const { problem } = await refused(twin);
    equal(problem.existing?.[0]?.id, contact);
}

/** What another system calls a record finds it again. */
async function names(guanxi: Guanxi): Promise<void> {
    const path = { key: "ext:shop", value: walk };
    const put = (name: string) => guanxi.PUT("/v1/accounts/by/{key}/{value}", { params: { path }, body: { name } });
    equal((await put(`Borealis ${walk}`)).response.status, 201);
    equal((await put(`Borealis Coffee ${walk}`)).response.status, 200);
}

/** A request with a key is carried out once, however often it is sent. */
async function once(guanxi: Guanxi): Promise<void> {
    const headers = { "idempotency-key": `once-${walk}` };
    const send = () => guanxi.POST("/v1/accounts", { headers, body: { name: `Once ${walk}` } });
    const [first, again] = [await send(), await send()];
    equal(again.response.headers.get("idempotency-replayed"), "true");
    equal((await good(Promise.resolve(again))).id, (await good(Promise.resolve(first))).id);
}

/** Bad items never sink the good ones, unless the batch is atomic. */
async function batch(guanxi: Guanxi): Promise<void> {
    const create = (ref: string, data: Record<string, unknown>) => ({ op: "create" as const, ref, data });
    const items = [create("good", { display_name: `Ada ${walk}` }), create("bad", { email: "nowhere" })];
    const { results } = await good(guanxi.POST("/v1/contacts/batch", { body: { items } }));
    equal(results.map((result) => result.status).join(), "201,422");
}

/** A row that cannot be read sinks no other. */
async function files(guanxi: Guanxi): Promise<void> {
    const file = `No,Company,Town\n${walk},Meridian ${walk},Bristol\n${walk}-2,,Leeds\n`;
    const columns = { No: "external_id", Company: "name", Town: "city" };
    const body = { file, mapping: JSON.stringify({ resource: "accounts", source_system: "tour", columns }) };
    const { id } = await good(guanxi.POST("/v1/imports", { body, bodySerializer: form }));
    const done = await ended(guanxi, id);
    equal(`${done.status} ${done.rows_created} ${done.rows_failed}`, "partially_succeeded 1 1");
    const failed = guanxi.GET("/v1/imports/{id}/errors", { params: { path: { id } }, parseAs: "text" });
    ok((await good(failed)).includes("Leeds"));
}

async function ended(guanxi: Guanxi, id: string): Promise<Schemas["Import"]> {
    for (;;) {
        const one = await good(guanxi.GET("/v1/imports/{id}", { params: { path: { id } } }));
        if (!["queued", "running"].includes(one.status)) {
            return one;
        }
        await sleep(200);
    }
}

async function overview(guanxi: Guanxi): Promise<void> {
    const all = await good(guanxi.GET("/v1/accounts/{id}/360", { params: { path: { id: account } } }));
    equal(all.orders.order_count, 1);
    equal(ids(all.contacts), contact);
}

async function archive(guanxi: Guanxi): Promise<void> {
    const params = { path: { id: contact } };
    await good(guanxi.DELETE("/v1/contacts/{id}", { params }));
    equal((await refused(good(guanxi.GET("/v1/contacts/{id}", { params })))).status, 404);
    equal((await good(guanxi.POST("/v1/contacts/{id}/restore", { params }))).id, contact);
}

/** A program has an account and keys of its own, which hold no more than they name. */
async function program(guanxi: Guanxi): Promise<void> {
    const roles = await good(guanxi.GET("/v1/roles", { params: { query: { filter: 'builtin == "read_only"' } } }));
    const shop = { email: mail("shop"), display_name: "Shop", kind: "service" as const, role_ids: [ids(roles.data)] };
    const { id } = await good(guanxi.POST("/v1/users", { body: shop }));
    const body = { name: `shop ${walk}`, scopes: ["contacts:read"], user_id: id };
    const { key } = await good(guanxi.POST("/v1/api-keys", { body }));
    const theirs = connect({ url: needed("GUANXI"), token: key });
    await good(theirs.GET("/v1/contacts"));
    equal((await refused(good(theirs.GET("/v1/accounts")))).problem.code, "forbidden");
}

async function refused(promise: Promise<unknown>): Promise<Refused> {
    const outcome = await promise.catch((error: unknown) => error);
    ok(outcome instanceof Refused, "that should have been refused");
    return outcome;
}

async function everything<T>(list: AsyncIterable<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const one of list) {
        found.push(one);
    }
    return found;
}

function after(cursor: string | undefined): { cursor?: string } {
    return cursor ? { cursor } : {};
}

function ids(records: { id: string }[]): string {
    return records.map((record) => record.id).join();
}

function mail(name: string): string {
    return `${name}.${walk}@aurora.example`;
}

/** A UUIDv7: the time, then chance. */
function uuid(): string {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(Date.now(), 0, 6);
    bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
    bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
    return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function equal<T>(found: T, expected: T): void {
    ok(found === expected, `${String(found)} instead of ${String(expected)}`);
}

function needed(name: string): string {
    const value = process.env[name];
    ok(value, `${name} is not set`);
    return value;
}

await main();
