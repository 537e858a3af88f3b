/**
 * A thin, typed client: `schema.d.ts` is generated from the OpenAPI document and knows every operation; this file adds
 * the bearer token, problems as exceptions, and lists that are walked page by page.
 */
import createClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

export type Schemas = components["schemas"];
/** What went wrong (RFC 9457); `code` is stable and listed in `openapi/errors.md`. */
export type Problem = Schemas["Problem"];
export type Guanxi = Client<paths>;

export interface Options extends Omit<ClientOptions, "baseUrl"> {
    /** where the server is: `http://127.0.0.1:8080` */
    url: string;
    /** an API key, or something that gives the access token of the moment */
    token?: string | (() => string | undefined);
}

/** A client for one server and one caller. */
export function connect({ url, token, ...options }: Options): Guanxi {
    const client = createClient<paths>({ ...options, baseUrl: url.replace(/\/+$/, "") });
    client.use({
        onRequest({ request }) {
            const bearer = typeof token === "function" ? token() : token;
            if (bearer && !request.headers.has("authorization")) {
                request.headers.set("authorization", `Bearer ${bearer}`);
            }
            return request;
        },
    });
    return client;
}

/** An answer that is a problem. */
export class Refused extends Error {
    override readonly name = "Refused";

    constructor(
        readonly status: number,
        readonly problem: Problem,
    ) {
        super(`${status} ${problem.code}: ${problem.detail ?? problem.title}`);
    }
}

interface Answer<T> {
    data?: T;
    error?: unknown;
    response: Response;
}

/** What was answered, or a `Refused` thrown. */
export async function good<T>(answer: Promise<Answer<T>>): Promise<NonNullable<T>> {
    const { data, error, response } = await answer;
    if (response.ok) {
        return data as NonNullable<T>;
    }
    throw new Refused(response.status, asProblem(error, response));
}

/** The version of an answered record, for `If-Match`. */
export function etag(response: Response): string {
    return response.headers.get("etag") ?? "*";
}

/** `bodySerializer: form` sends a body as the parts of a form, as files are brought in. */
export function form(parts: Record<string, string | Blob | null | undefined>): FormData {
    const data = new FormData();
    for (const [name, part] of Object.entries(parts)) {
        if (part !== null && part !== undefined) {
            data.append(name, part);
        }
    }
    return data;
}

interface Page<T> {
    data: T[];
    page: { next_cursor?: string | null };
}

/** Every record of a list, asked for page by page as they are needed. */
export async function* all<T>(page: (cursor: string | undefined) => Promise<Answer<Page<T>>>): AsyncGenerator<T> {
    let cursor: string | undefined;
    do {
        const { data, page: next } = await good(page(cursor));
        yield* data;
        cursor = next.next_cursor ?? undefined;
    } while (cursor);
}

/** What stands between us and the server may answer something else than a problem. */
function asProblem(body: unknown, { status, statusText, url }: Response): Problem {
    if (typeof body === "object" && body !== null && "code" in body) {
        return body as Problem;
    }
    const title = statusText || "The answer is no problem+json";
    return { type: "about:blank", title, status, code: "unknown", instance: url, request_id: "" };
}
