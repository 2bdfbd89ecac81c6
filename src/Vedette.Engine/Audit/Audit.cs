using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Audit;

internal sealed class Audit(IStore store) : IAudit
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
