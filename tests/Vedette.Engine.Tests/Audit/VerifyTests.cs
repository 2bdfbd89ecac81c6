using Vedette.Engine.Access;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using static Vedette.Engine.Tests.House;

namespace Vedette.Engine.Tests.Audit;

public sealed class VerifyTests
{
    [Fact]
    public async Task T22_UntouchedRecordHolds_OverSeveralPages()
    {
        await using var house = await House.Open();
        var unit = new Unit();
        for (var i = 0; i < 4500; i++)
        {
            unit.Audit(Caller.Platform, house.Time.GetUtcNow(), "tried", "test", i);
        }

        await house.Commit(unit);
        var verdict = (await house.Audit.Verify(Caller.Platform, ct: Ct)).Value;
        Assert.True(verdict.Holds);
        Assert.Equal(await house.Store.Count<AuditRow>(Where.All, ct: Ct), verdict.Rows);
        Assert.True(verdict.Rows > 4500);
    }

    [Fact]
    public async Task T22_CutTail_IsFoundByACheckpoint()
    {
        await using var house = await House.Open();
        var last = (await house.Store.Select<AuditRow>(new Query { Order = [(nameof(AuditRow.Id), true)], Limit = 1 }, ct: Ct))[0];
        Assert.True((await house.Audit.Verify(Caller.Platform, [new AuditCheckpoint(last.Chain, last.Number, last.Hash)], ct: Ct)).Value.Holds);
        var verdict = (await house.Audit.Verify(Caller.Platform, [new AuditCheckpoint(last.Chain, last.Number + 3, last.Hash)], ct: Ct)).Value;
        Assert.Equal(AuditFault.Cut, Assert.Single(verdict.Findings).Fault);
    }

    [Theory]
    [InlineData("UPDATE audit SET act = 'slept' WHERE id = 2", AuditFault.Changed)]
    [InlineData("DELETE FROM audit WHERE id = 2", AuditFault.Missing)]
    [InlineData("UPDATE audit SET id = 1000 WHERE id = 2", AuditFault.Moved)]
    public async Task T22_TouchedRecord_IsFound(string sql, AuditFault fault)
    {
        await using var house = await House.Open();
        var unit = new Unit();
        for (var i = 0; i < 5; i++)
        {
            unit.Audit(Caller.Platform, house.Time.GetUtcNow(), "tried", "test", i);
        }

        await house.Commit(unit);
        house.Sql(sql);
        var verdict = (await house.Audit.Verify(Caller.Platform, ct: Ct)).Value;
        Assert.False(verdict.Holds);
        Assert.Contains(verdict.Findings, f => f.Fault == fault);
    }
}
