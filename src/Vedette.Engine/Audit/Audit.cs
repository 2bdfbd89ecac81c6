using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Audit;

internal sealed class Audit(IStore store, TimeProvider time) : IAudit
{
    private const int PageRows = 2000;

    public async ValueTask<Outcome<AuditVerdict>> Verify(Caller caller, IReadOnlyList<AuditCheckpoint>? checkpoints, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.ViewAudit) is { } lacks)
        {
            return lacks;
        }

        // The chain's verifier pulls row by row; a thread of its own waits for the pages, so that a long record never stands in memory.
        return await Task.Factory.StartNew(
            () =>
            {
                long rows = 0;
                var findings = AuditChain.Verify(Pages(ct).Select(row => { rows++; return row; }), checkpoints);
                return new AuditVerdict(rows, findings);
            },
            ct,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).ConfigureAwait(false);
    }

    public async Task<Outcome<int>> Empty(Unit unit, Caller caller, DateTimeOffset before, int most)
    {
        if (caller.LacksToDelete(Permissions.EditSettings | Permissions.ViewAudit) is { } lacks)
        {
            return lacks;
        }

        var rows = await store.Select<AuditRow>(new Query
        {
            Where = new Compare(nameof(AuditRow.At), Comparison.Less, before) & !Where.Is(nameof(AuditRow.Content), AuditChain.Emptied),
            Order = [(nameof(AuditRow.Id), false)],
            Limit = most,
        });
        foreach (var row in rows)
        {
            unit.Update<AuditRow>(row.Id, null, (nameof(row.Content), AuditChain.Emptied));
        }

        if (rows.Count > 0)
        {
            unit.Audit(caller, time.GetUtcNow(), "emptied", "audit", null, content: new JsonObject { ["rows"] = rows.Count, ["up_to"] = rows[^1].Number });
        }

        return rows.Count;
    }

    private IEnumerable<AuditRow> Pages(CancellationToken ct)
    {
        var last = long.MinValue;
        while (true)
        {
            var page = store.Select<AuditRow>(
                new Query
                {
                    Where = new Compare(nameof(AuditRow.Id), Comparison.Greater, last),
                    Order = [(nameof(AuditRow.Id), false)],
                    Limit = PageRows,
                },
                ct).AsTask().GetAwaiter().GetResult();
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageRows)
            {
                yield break;
            }

            last = page[^1].Id;
        }
    }
}
