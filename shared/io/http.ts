import compress from '@fastify/compress';
import swagger from '@fastify/swagger';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, {
  LogController,
  type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest,
  type RawReplyDefaultExpression, type RawRequestDefaultExpression, type RawServerDefault,
} from 'fastify';
import type { Account } from './accounts.ts';
import { isDatabaseAway } from './db.ts';
import type { Log } from './log.ts';
import { ObjectStoreAway } from './objects.ts';
import { Problem } from './problem.ts';
import type { Role } from '../model/role.ts';

/** Fastify with TypeBox schemas: a route's schema is its type, its validation and its OpenAPI entry at once. */
export type Http = FastifyInstance<
  RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, TypeBoxTypeProvider
>;

/** Who may call a route. There is no default: a route without it stops the start. */
export type Access = 'public' | 'loopback' | readonly Role[];

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
  }
  interface FastifyRequest {
    /** Who calls; null without a token, which only public routes see. */
    account: Account | null;
  }
}

export interface HttpOptions {
  readonly log: Log;
  readonly version: string;
  readonly authenticate: (token: string) => Promise<Account | null>;
  readonly bodyLimitBytes: number;
}

const MINUTE_MS = 60_000;

/** A server that does not listen yet: the stages add their routes first. The only door to Fastify. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const http = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: 10 * MINUTE_MS,
    connectionTimeout: 2 * MINUTE_MS,
    routerOptions: { maxParamLength: 1024 },
    forceCloseConnections: true,
    trustProxy: false,
    // An address that cannot even be decoded meets no route, and no error handler of ours.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply as FastifyReply),
  }).withTypeProvider<TypeBoxTypeProvider>();
  http.setValidatorCompiler(TypeBoxValidatorCompiler);
  http.decorateRequest('account', null);
  http.setErrorHandler((error, request, reply) => answerError(error as FastifyError, request, reply));
  http.setNotFoundHandler((request, reply) =>
    answerProblem(reply, new Problem({ status: 404, type: 'no_such_page', title: 'There is nothing here', detail: `${request.method} ${request.url} is not an address of this server.` })),
  );
  http.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`route ${String(route.method)} ${route.url} does not say who may call it (config.access)`);
  });
  http.addHook('onRequest', (request) => admit(request, options));
  http.addHook('onSend', async (_request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Wayproof', version: options.version, description: 'Street imagery, checked frame by frame.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  });
  await http.register(compress, { encodings: ['gzip'], threshold: 1024 });
  http.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () => http.swagger());
  return http;
}

async function admit(request: FastifyRequest, options: HttpOptions): Promise<void> {
  const access = request.routeOptions.config?.access;
  if (access === 'loopback' && !isLoopback(request.ip)) {
    throw new Problem({ status: 403, type: 'loopback_only', title: 'Only from this machine' });
  }
  request.account = await accountOf(request, options);
  if (access === undefined || access === 'public' || access === 'loopback') return;
  if (request.account === null) {
    throw new Problem({ status: 401, type: 'sign_in', title: 'Sign in first', detail: 'Send a token: Authorization: Bearer wp_…' });
  }
  if (!access.some((role) => request.account?.roles.includes(role))) {
    throw new Problem({ status: 403, type: 'role_missing', title: 'Your account may not do this', detail: `This needs the role ${access.join(' or ')}; yours: ${request.account.roles.join(', ')}.` });
  }
}

async function accountOf(request: FastifyRequest, { authenticate }: HttpOptions): Promise<Account | null> {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const token = /^Bearer (\S+)$/i.exec(header)?.[1];
  const account = token === undefined ? null : await authenticate(token);
  if (account === null) {
    throw new Problem({ status: 401, type: 'token_unknown', title: 'This token is not known', detail: 'It may have been revoked; ask the operator for a new one.' });
  }
  return account;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function answerError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return answerProblem(reply, error);
  if (error.validation !== undefined) {
    const at = error.validation.map(({ instancePath, message }) => `${error.validationContext ?? ''}${instancePath} ${message ?? ''}`.trim());
    return answerProblem(reply, new Problem({ status: 400, type: 'request_invalid', title: 'The request does not fit', detail: at.join('; ') }));
  }
  const status = error.statusCode ?? 500;
  if (status === 413) {
    return answerProblem(reply, new Problem({ status, type: 'too_large', title: 'Too large', detail: 'The body is larger than this server accepts.' }));
  }
  if (status < 500) return answerProblem(reply, new Problem({ status, type: 'request_invalid', title: error.message }));
  request.log.error({ err: error, method: request.method, url: request.url, id: request.id }, 'request failed');
  if (isDatabaseAway(error)) {
    void reply.header('retry-after', '5');
    return answerProblem(reply, new Problem({ status: 503, type: 'database_away', title: 'The database does not answer', detail: 'Try again in a few seconds.', extra: { request: request.id } }));
  }
  if (error instanceof ObjectStoreAway) {
    void reply.header('retry-after', '5');
    return answerProblem(reply, new Problem({ status: 503, type: 'object_store_away', title: 'The object store does not answer', detail: 'Try again in a few seconds.', extra: { request: request.id } }));
  }
  return answerProblem(reply, new Problem({ status: 500, type: 'internal', title: 'Something broke here', detail: 'It was logged; name the request when you report it.', extra: { request: request.id } }));
}

function answerProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ type: problem.type, title: problem.title, status: problem.status, detail: problem.message, ...problem.extra });
}
