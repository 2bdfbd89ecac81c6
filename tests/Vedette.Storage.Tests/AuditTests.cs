using System.Data.Common;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;

namespace Vedette.Storage.Tests;

public sealed class SqliteAuditTests() : AuditTests(new SqliteHome());

public sealed class PostgresAuditTests(SharedPostgres shared) : AuditTests(new PostgresHome(shared));

public abstract class AuditTests(StoreHome home) : StoreTest(home)
{
    [Fact]
    public async Task TheChainGoesOnOverAReopenAndHolds()
    {
        await Must(new AppendAudit(Samples.Audit("a")), new AppendAudit(Samples.Audit("b") with { Chain = "other" }));
        await Reopen();
        await Must(new AppendAudit(Samples.Audit("c")));
        var rows = await Store.Select<AuditRow>(new Query(), Ct);
        Assert.Equal([("main", 1L), ("other", 1L), ("main", 2L)], rows.Select(r => (r.Chain, r.Number)));
        Assert.Empty(AuditChain.Verify(rows));
    }

    [Fact]
    public async Task NoDoorChangesOrDeletesARow()
    {
        await Must(new AppendAudit(Samples.Audit("a")));
        await Assert.ThrowsAsync<ArgumentException>(() => Do(new Delete(typeof(AuditRow), 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => Do(new Insert(Samples.Audit("b") with { Id = 9 })));
        await Assert.ThrowsAsync<ArgumentException>(() => Do(new Update(typeof(AuditRow), 1, null, [("Act", "x")])));
        await Assert.ThrowsAsync<ArgumentException>(() => Do(new Update(typeof(AuditRow), 1, null, [("Content", "{\"b\":1}")])));
        foreach (var sql in new[] { "DELETE FROM audit", "UPDATE audit SET act = 'x'", "UPDATE audit SET content = '{\"b\":1}'" })
            Assert.Contains("audit", (await Assert.ThrowsAnyAsync<DbException>(() => Home.Sql(sql))).Message, StringComparison.Ordinal);
        Assert.Empty(AuditChain.Verify(await Store.Select<AuditRow>(new Query(), Ct)));
    }

    [Fact]
    public async Task RetentionMayTakeAContent()
    {
        await Must(new AppendAudit(Samples.Audit("a")), new AppendAudit(Samples.Audit("b")));
        await Must(new Update(typeof(AuditRow), 1, null, [("Content", "{}")]));
        var finding = Assert.Single(AuditChain.Verify(await Store.Select<AuditRow>(new Query(), Ct)));
        Assert.Equal((AuditFault.ContentTaken, 1L, false), (finding.Fault, finding.Number, finding.IsBroken));
    }

    [Theory]
    [InlineData("UPDATE audit SET object_id = 8 WHERE number = 3", AuditFault.Changed, 3)]
    [InlineData("UPDATE audit SET content = '{\"a\":2}' WHERE number = 3", AuditFault.Changed, 3)]
    [InlineData("DELETE FROM audit WHERE number = 3", AuditFault.Missing, 4)]
    [InlineData("UPDATE audit SET number = 9 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 9", AuditFault.Changed, 2)]
    [InlineData("DELETE FROM audit WHERE number > 3", AuditFault.Cut, 4)]
    [InlineData("DELETE FROM audit", AuditFault.Cut, 1)]
    public async Task WhateverIsTouchedIsFound(string sql, AuditFault fault, long number)
    {
        for (var i = 1; i <= 5; i++)
            await Must(new AppendAudit(Samples.Audit($"act {i}")));
        var end = (await Store.Select<AuditRow>(new Query(), Ct))[^1];
        await Touch(sql);
        var rows = await Store.Select<AuditRow>(new Query { Order = [("Chain", false), ("Number", false)] }, Ct);
        var findings = AuditChain.Verify(rows, [new AuditCheckpoint(end.Chain, end.Number, end.Hash)]);
        Assert.Equal((fault, number), findings.Where(f => f.IsBroken).Select(f => (f.Fault, f.Number)).First());
    }

    [Fact]
    public async Task InsertedMovedAndRewrittenRowsAreFound()
    {
        for (var i = 1; i <= 5; i++)
            await Must(new AppendAudit(Samples.Audit($"act {i}")));
        var rows = (await Store.Select<AuditRow>(new Query(), Ct)).ToList();
        var mark = new AuditCheckpoint("main", 5, rows[4].Hash);

        // A row made up with a right hash of its own, put between.
        var made = AuditChain.Link(rows[2] with { Act = "made up" }, 3, rows[1].Hash);
        Assert.Contains(AuditChain.Verify([.. rows[..2], made, .. rows[2..]]), f => f is { Fault: AuditFault.Moved, Number: 3 });
        Assert.Contains(AuditChain.Verify([.. rows[..2], made, .. rows[3..]]), f => f is { Fault: AuditFault.Changed, Number: 4 });
        Assert.Contains(AuditChain.Verify([rows[0], rows[2], rows[1], rows[3], rows[4]]), f => f is { Fault: AuditFault.Moved, Number: 2 });

        // All rewritten from the third on: the chain is whole, the checkpoint knows better.
        var rewritten = new List<AuditRow>([rows[0], rows[1], made]);
        foreach (var row in rows[3..])
            rewritten.Add(AuditChain.Link(row, row.Number, rewritten[^1].Hash));
        Assert.Empty(AuditChain.Verify(rewritten));
        Assert.Contains(AuditChain.Verify(rewritten, [mark]), f => f is { Fault: AuditFault.Changed, Number: 5 });
    }

    private async Task Touch(string sql)
    {
        foreach (var trigger in new[] { "audit_is_kept", "audit_is_fixed", "audit_content_is_only_emptied" })
            await Home.DropTrigger(trigger, "audit");
        foreach (var part in sql.Split(';'))
            await Home.Sql(part);
    }
}
