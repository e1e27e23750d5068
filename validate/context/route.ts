import { Type } from 'typebox';
import type { Http } from '../../shared/io/http.ts';
import { VERDICTS } from '../../shared/model/verdict.ts';
import type { EvidenceDoors } from '../evidence-route.ts';
import { readableDrive } from '../readable-drive.ts';
import { parseContext } from './context-receipt.ts';
import { contextOf } from './store.ts';

const VerdictText = Type.Enum([...VERDICTS]);

const Line = Type.Object({
  check: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Null where the value keeps its limit' }),
  measured: Type.Number(),
  limit: Type.Number(),
  unit: Type.String(),
  bound: Type.Enum(['upper', 'lower']),
  margin: Type.Number(),
  spans: Type.Array(Type.Array(Type.Number(), { description: 'From and to, Unix seconds' })),
});

/** The answer's form, also for those who pretend to be this server. */
export const ContextAnswer = Type.Object({
  context: Type.Union([Type.Null(), Type.Object({
    sha256: Type.String({ description: 'Over what was read of the context' }),
    drives: Type.Number({ description: 'How many other drives were read' }),
    verdict: VerdictText,
    frames: Type.Array(Type.Object({ file: Type.String(), verdict: VerdictText, reasons: Type.Array(Type.String()) })),
    lines: Type.Array(Line),
  })]),
});

/** What was found when the drive was held against earlier ones, for its owner and for those who review. It names none of them. */
export function contextRoute(http: Http, { db }: Pick<EvidenceDoors, 'db'>): void {
  http.get('/api/drives/:id/context', {
    config: { access: 'public' },
    schema: { summary: 'The context lines of the receipt; null where the drive was held against nothing', tags: ['validate'], params: Type.Object({ id: Type.String() }), response: { 200: ContextAnswer } },
  }, async ({ params, account }) => {
    const { id } = await readableDrive(db, params.id, account);
    const printed = await contextOf(db, id);
    if (printed === null) return { context: null };
    const { frames, lines, ...context } = parseContext(printed);
    return {
      context: {
        ...context,
        frames: frames.map(({ reasons, ...frame }) => ({ ...frame, reasons: [...reasons] })),
        lines: lines.map(({ spans, ...line }) => ({ ...line, spans: spans.map((span) => [...span]) })),
      },
    };
  });
}
