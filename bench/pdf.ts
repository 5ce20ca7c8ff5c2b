import type { Report } from "../src/domain/report.ts";
import { renderPdf } from "../src/render/pdf.ts";
import { createPrinter, type Printer } from "../src/render/printer.ts";
import { sampleReport } from "../test/render/pdf-samples.ts";

/** Milliseconds. */
export interface PdfBench {
  readonly what: string;
  readonly median: number;
  readonly max: number;
  readonly kilobytes: number;
}

/** Times the PDF of an overview, cold and warm, of a long table, and of ten that are asked for at once. */
export async function benchPdf(rounds = 7): Promise<PdfBench[]> {
  const overview = sampleReport({ people: 60 });
  const long = sampleReport({ people: 1_000 });
  const rows = [await bench("overview, with the browser's start", 1, () => cold(overview))];
  const printer = createPrinter();
  try {
    await print(overview, printer);
    rows.push(await bench("overview, warm", rounds, () => print(overview, printer)));
    rows.push(await bench("1,000 rows", Math.ceil(rounds / 2), () => print(long, printer)));
    rows.push(
      await bench("ten overviews at once", Math.ceil(rounds / 2), async () => {
        const sizes = await Promise.all(Array.from({ length: 10 }, () => print(overview, printer)));
        return sizes.reduce((sum, size) => sum + size, 0);
      }),
    );
  } finally {
    await printer.close();
  }
  return rows;
}

async function cold(report: Report): Promise<number> {
  const printer = createPrinter();
  try {
    return await print(report, printer);
  } finally {
    await printer.close();
  }
}

async function print(report: Report, printer: Printer): Promise<number> {
  let size = 0;
  for await (const bytes of renderPdf(report, { printer })) size += bytes.length;
  return size;
}

async function bench(what: string, rounds: number, work: () => Promise<number>): Promise<PdfBench> {
  const times: number[] = [];
  let size = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    size = await work();
    times.push(performance.now() - start);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    what,
    median: Math.round(sorted[Math.floor(rounds / 2)] ?? Number.NaN),
    max: Math.round(sorted.at(-1) ?? Number.NaN),
    kilobytes: Math.round(size / 1_000),
  };
}

if (import.meta.main) console.table(await benchPdf());
