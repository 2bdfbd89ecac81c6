using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Model;
using static Vedette.Engine.Tests.House;

namespace Vedette.Engine.Tests.Access;

public sealed class RightsTests
{
    public static TheoryData<string> Roles =>
        new("Administrator", "Automation", "Automation Engineer", "Asset Owner", "Incident Commander", "Observer", "Analyst");

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task RolesByDoors(string role)
    {
        await using var house = await House.Open();
        var admin = await house.Admin();
        await house.Do(u => house.Access.CreateUser(u, admin, new UserDraft { Username = "somebody", Password = "somebody's password", Roles = [role] }));
        var caller = (await house.Access.ByBasic("somebody", "somebody's password", "10.0.0.1", ct: Ct)).Value;
        foreach (var (needs, name, door) in Doors(house))
        {
            var unit = new Unit();
            var refusal = await door(unit, caller);
            var forbidden = refusal is { Kind: RefusalKind.Forbidden };
            Assert.True(forbidden == !caller.May.HasFlag(needs), $"{role} at {name}: {refusal?.Message ?? "let in"}");
            if (forbidden)
            {
                Assert.True(unit.Empty);
                Assert.Contains("does not have permission", refusal!.Message, StringComparison.Ordinal);
            }
        }

        Assert.Equal(role == "Administrator", caller.May.HasFlag(Permissions.EditUsers));
        Assert.Equal(role == "Administrator", caller.May.HasFlag(Permissions.EditAssets));
    }

    [Fact]
    public async Task T08_Run_LacksTheRightsToDecideAboutItself_EvenAsAdministrator()
    {
        await using var house = await House.Open();
        var run = (await house.Access.ForRun(new UserId(1), new PlaybookRunId(46), "run 46 turn 3", ct: Ct)).Value;
        Assert.Equal(Permissions.None, run.May & Permissions.NeverForRuns);
        Assert.Equal(Channel.Playbook, run.Channel);
        Assert.Equal(new PlaybookRunId(46), run.Run);
        foreach (var (_, name, door) in Doors(house))
        {
            var unit = new Unit();
            Assert.True(await door(unit, run) is { Kind: RefusalKind.Forbidden }, name);
            Assert.True(unit.Empty, name);
        }

        Assert.Equal(
            RefusalKind.Forbidden,
            (await House.Refused(u => house.Access.ChangePassword(u, run, new UserId(1), House.AdminPassword, "another horse battery"))).Kind);
    }

    [Fact]
    public async Task Nobody_RaisesAnybodyAboveThemselves()
    {
        await using var house = await House.Open();
        var limited = await house.Admin() with { May = Permissions.EditUsers | Permissions.ViewEvents };
        Assert.Equal("raises_rights", (await House.Refused(u => house.Access.CreateUser(u, limited, new UserDraft { Username = "x", Roles = ["Administrator"] }))).Code);
        Assert.Equal("raises_rights", (await House.Refused(u => house.Access.ChangePassword(u, limited with { UserId = 9 }, new UserId(1), null, "another horse battery"))).Code);
        Assert.Equal("raises_rights", (await House.Refused(u => house.Access.RegenerateToken(u, limited, new UserId(2)))).Code);
    }

    [Fact]
    public async Task LastAdministrator_CannotLeave()
    {
        await using var house = await House.Open();
        var admin = await house.Admin();
        Assert.Equal("last_administrator", (await House.Refused(u => house.Access.DeactivateUser(u, admin, new UserId(1)))).Code);
        Assert.Equal("last_administrator", (await House.Refused(u => house.Access.ChangeUser(u, admin, new UserId(1), new UserDraft { Roles = ["Observer"] }))).Code);
    }

    [Fact]
    public async Task Token_NeverDeletes()
    {
        await using var house = await House.Open();
        var byToken = await house.Admin() with { ByToken = true };
        Assert.Equal(RefusalKind.Forbidden, (await House.Refused(u => house.Access.DeactivateUser(u, byToken, new UserId(2)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await House.Refused(u => house.Access.RevokeToken(u, byToken, new TokenId(1)))).Kind);
    }

    [Fact]
    public async Task ChangedRole_CountsAfterTheCommit_NotBefore()
    {
        await using var house = await House.Open();
        var admin = await house.Admin();
        var unit = new Unit();
        await house.Access.ChangeUser(unit, admin, new UserId(2), new UserDraft { Roles = ["Observer"], AllowedIps = ["10.0.0.0/8"] }, ct: Ct);
        Assert.Null((await house.Access.ByToken(House.FirstToken, "192.0.2.9", ct: Ct)).Value.Lacks(Permissions.CreateEvents));
        await house.Commit(unit);
        Assert.NotNull((await house.Access.ByToken(House.FirstToken, "10.0.0.9", ct: Ct)).Value.Lacks(Permissions.CreateEvents));
        Assert.True((await house.Access.ByToken(House.FirstToken, "192.0.2.9", ct: Ct)).Refused);
    }

    private static IEnumerable<(Permissions Needs, string Name, Func<Unit, Caller, ValueTask<Refusal?>> Door)> Doors(House house)
    {
        yield return (Permissions.EditUsers, "create user", async (u, c) => (await house.Access.CreateUser(u, c, new UserDraft { Username = "new" })).Refusal);
        yield return (Permissions.EditUsers, "change user", async (u, c) => (await house.Access.ChangeUser(u, c, new UserId(2), new UserDraft { Title = "x" })).Refusal);
        yield return (Permissions.EditUsers, "deactivate user", async (u, c) => (await house.Access.DeactivateUser(u, c, new UserId(2))).Refusal);
        yield return (Permissions.EditUsers, "add token", async (u, c) => (await house.Access.AddToken(u, c, new UserId(2), new TokenDraft())).Refusal);
        yield return (Permissions.EditUsers, "regenerate token", async (u, c) => (await house.Access.RegenerateToken(u, c, new UserId(2))).Refusal);
        yield return (Permissions.EditUsers, "revoke token", async (u, c) => (await house.Access.RevokeToken(u, c, new TokenId(1))).Refusal);
        yield return (Permissions.EditUsers, "other's password", async (u, c) => (await house.Access.ChangePassword(u, c, new UserId(1), null, "a new good password")).Refusal is { Kind: RefusalKind.Forbidden } r ? r : null);
        yield return (Permissions.EditAssets, "create asset", async (u, c) => (await house.Apps.CreateAsset(u, c, new AssetDraft { Name = "x" })).Refusal);
        yield return (Permissions.EditAssets, "change asset", async (u, c) => (await house.Apps.ChangeAsset(u, c, new AssetId(1), new AssetDraft { Name = "x" })).Refusal);
        yield return (Permissions.EditSettings, "register apps", async (u, c) => (await house.Apps.Register(u, c, [])).Refusal);
        yield return (Permissions.ViewAudit, "verify audit", async (_, c) => (await house.Audit.Verify(c)).Refusal);
    }
}
