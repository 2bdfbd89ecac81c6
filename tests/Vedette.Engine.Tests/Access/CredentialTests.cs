using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;
using static Vedette.Engine.Tests.House;

namespace Vedette.Engine.Tests.Access;

public sealed class CredentialTests
{
    [Fact]
    public async Task Token_GivesItsUsersRights_AndOnlyWhereItIsKnown()
    {
        await using var house = await House.Open();
        var caller = (await house.Access.ByToken(House.FirstToken, "203.0.113.9", ct: Ct)).Value;
        Assert.Equal(2, caller.UserId);
        Assert.True(caller.ByToken);
        Assert.Null(caller.OnlyLabels);
        Assert.Null(caller.Lacks(Permissions.CreateEvents | Permissions.RunPlaybooks));
        Assert.NotNull(caller.Lacks(Permissions.EditUsers));

        Assert.Equal("Invalid automation token", (await house.Access.ByToken("nothing", "203.0.113.9", ct: Ct)).Refusal!.Message);
        Assert.Equal("No supported auth information provided in request", (await house.Access.ByToken("", "127.0.0.1", ct: Ct)).Refusal!.Message);
        Assert.Equal(2, (await house.Access.ByBasic("", House.FirstToken, "203.0.113.9", ct: Ct)).Value.UserId);
    }

    [Fact]
    public async Task T09_LoopbackIsNoPass()
    {
        await using var house = await House.Open();
        foreach (var address in new[] { "127.0.0.1", "::1", "::ffff:127.0.0.1" })
        {
            Assert.True((await house.Access.ByToken("", address, ct: Ct)).Refused);
            Assert.True((await house.Access.ByBasic("", "", address, ct: Ct)).Refused);
            Assert.True((await house.Access.BySession("", null, false, address, ct: Ct)).Refused);
        }
    }

    [Fact]
    public async Task T14_IntakeToken_CreatesUnderItsLabels_AndNothingElse()
    {
        await using var house = await House.Open();
        var admin = await house.Admin();
        var token = await house.Do(u => house.Access.AddToken(u, admin, new UserId(2), new TokenDraft { Kind = "intake", Labels = ["events"], AllowedIps = ["10.1.0.0/16"] }));
        var caller = (await house.Access.ByToken(token.Plain, "::ffff:10.1.2.3", ct: Ct)).Value;

        Assert.Equal(Permissions.CreateEvents | Permissions.ViewPickLists, caller.May);
        Assert.Equal(["events"], caller.OnlyLabels!);
        Assert.Equal("Invalid automation token", (await house.Access.ByToken(token.Plain, "10.2.0.1", ct: Ct)).Refusal!.Message);
        await House.Refused(u => house.Access.AddToken(u, admin, new UserId(2), new TokenDraft { Kind = "intake", Labels = ["nowhere"] }));
        await House.Refused(u => house.Access.AddToken(u, admin, new UserId(2), new TokenDraft { Kind = "intake" }));
    }

    [Fact]
    public async Task Token_EndsAtItsEnd_AtRevocation_AndWithItsUser()
    {
        await using var house = await House.Open();
        var admin = await house.Admin();
        var ending = await house.Do(u => house.Access.AddToken(u, admin, new UserId(2), new TokenDraft { EndsAt = house.Time.GetUtcNow().AddHours(1) }));
        var revoked = await house.Do(u => house.Access.AddToken(u, admin, new UserId(2), new TokenDraft()));
        Assert.False((await house.Access.ByToken(revoked.Plain, "10.0.0.1", ct: Ct)).Refused);
        await house.Do(u => house.Access.RevokeToken(u, admin, revoked.Id));
        Assert.Equal("Invalid automation token", (await house.Access.ByToken(revoked.Plain, "10.0.0.1", ct: Ct)).Refusal!.Message);

        house.Time.Pass(TimeSpan.FromHours(2));
        Assert.Equal("Invalid automation token", (await house.Access.ByToken(ending.Plain, "10.0.0.1", ct: Ct)).Refusal!.Message);

        var fresh = await house.Do(u => house.Access.RegenerateToken(u, admin, new UserId(2)));
        Assert.True((await house.Access.ByToken(House.FirstToken, "10.0.0.1", ct: Ct)).Refused);
        await house.Do(u => house.Access.DeactivateUser(u, admin, new UserId(2)));
        Assert.Equal("User is inactive", (await house.Access.ByToken(fresh.Plain, "10.0.0.1", ct: Ct)).Refusal!.Message);
        Assert.Equal("User is inactive", (await house.Access.ForRun(new UserId(2), new PlaybookRunId(1), "", ct: Ct)).Refusal!.Message);
    }

    [Fact]
    public async Task Token_CostsNoHash_AndOneWriteAMinute()
    {
        await using var house = await House.Open();
        var before = house.Hashes;
        await house.Access.ByToken(House.FirstToken, "10.0.0.1", ct: Ct);
        var first = (await house.Store.Select<TokenRow>(new Query(), ct: Ct))[0];
        for (var i = 0; i < 50; i++)
        {
            house.Time.Pass(TimeSpan.FromSeconds(1));
            await house.Access.ByToken(House.FirstToken, "10.0.0.1", ct: Ct);
        }

        Assert.Equal(first.Version, (await house.Store.Select<TokenRow>(new Query(), ct: Ct))[0].Version);
        house.Time.Pass(TimeSpan.FromSeconds(11));
        await house.Access.ByToken(House.FirstToken, "10.0.0.1", ct: Ct);
        Assert.Equal(first.Version + 1, (await house.Store.Select<TokenRow>(new Query(), ct: Ct))[0].Version);
        Assert.Equal(before, house.Hashes);
    }

    [Fact]
    public async Task Basic_HashesOnceInMinutes_AndNewPasswordCountsAtOnce()
    {
        await using var house = await House.Open();
        var before = house.Hashes;
        for (var i = 0; i < 100; i++)
        {
            Assert.False((await house.Access.ByBasic("Admin", House.AdminPassword, "10.0.0.1", ct: Ct)).Refused);
        }

        Assert.Equal(before + 1, house.Hashes);
        var admin = await house.Admin();
        await house.Do(u => house.Access.ChangePassword(u, admin, new UserId(1), House.AdminPassword, "another horse battery"));
        Assert.True((await house.Access.ByBasic("admin", House.AdminPassword, "10.0.0.1", ct: Ct)).Refused);
        Assert.False((await house.Access.ByBasic("admin", "another horse battery", "10.0.0.1", ct: Ct)).Refused);
    }

    [Fact]
    public async Task T15_Flood_IsSlowedBeforeTheHash_AndWhoIsKnownStaysServed()
    {
        await using var house = await House.Open();
        await house.Admin();
        var before = house.Hashes;
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), async (i, ct) => await house.Access.ByBasic("admin", $"guess number {i}", "198.51.100.7", ct: ct));
        Assert.InRange(house.Hashes - before, 1, 6);

        before = house.Hashes;
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), async (i, ct) => await house.Access.ByBasic($"user{i}", "guess guess guess", "198.51.100.8", ct: ct));
        Assert.InRange(house.Hashes - before, 1, 21);

        Assert.False((await house.Access.ByBasic("admin", House.AdminPassword, "192.0.2.1", ct: Ct)).Refused);
        Assert.False((await house.Access.ByToken(House.FirstToken, "198.51.100.7", ct: Ct)).Refused);
    }

    [Fact]
    public async Task T15_SameCredentialsAtTheSameTime_ShareOneHash()
    {
        await using var house = await House.Open();
        var before = house.Hashes;
        var right = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => house.Access.ByBasic("admin", House.AdminPassword, "192.0.2.1", ct: Ct).AsTask()));
        Assert.All(right, outcome => Assert.False(outcome.Refused));
        Assert.Equal(before + 1, house.Hashes);

        var wrong = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => house.Access.ByBasic("admin", "guess guess guess", "192.0.2.2", ct: Ct).AsTask()));
        Assert.All(wrong, outcome => Assert.True(outcome.Refused));
        Assert.InRange(house.Hashes - before, 2, 6);
    }

    [Fact]
    public async Task T15_UnknownUserAndWrongPassword_LookAlike_AndBothCostOneHash()
    {
        await using var house = await House.Open();
        var before = house.Hashes;
        var unknown = await house.Access.ByBasic("nobody", "wrong wrong wrong", "10.0.0.1", ct: Ct);
        var wrong = await house.Access.ByBasic("admin", "wrong wrong wrong", "10.0.0.2", ct: Ct);
        var automation = await house.Access.ByBasic("automation", "wrong wrong wrong", "10.0.0.3", ct: Ct);
        Assert.Equal(unknown.Refusal, wrong.Refusal);
        Assert.Equal(unknown.Refusal, automation.Refusal);
        Assert.Equal(before + 3, house.Hashes);
    }

    [Fact]
    public async Task Session_NeedsCsrfToChange_AndEndsWithSignOut()
    {
        await using var house = await House.Open();
        var signedIn = await house.Do(u => house.Access.SignIn(u, "admin", House.AdminPassword, "10.0.0.1"));
        Assert.False((await house.Access.BySession(signedIn.Cookie, null, false, "10.0.0.1", ct: Ct)).Refused);
        Assert.Equal("csrf", (await house.Access.BySession(signedIn.Cookie, null, true, "10.0.0.1", ct: Ct)).Refusal!.Code);
        Assert.Equal("csrf", (await house.Access.BySession(signedIn.Cookie, signedIn.Cookie, true, "10.0.0.1", ct: Ct)).Refusal!.Code);
        var caller = (await house.Access.BySession(signedIn.Cookie, signedIn.Csrf, true, "10.0.0.1", ct: Ct)).Value;
        Assert.Equal(Channel.Console, caller.Channel);
        await house.Do(u => house.Access.SignOut(u, caller, signedIn.Cookie));
        Assert.True((await house.Access.BySession(signedIn.Cookie, signedIn.Csrf, true, "10.0.0.1", ct: Ct)).Refused);

        var other = await house.Do(u => house.Access.SignIn(u, "admin", House.AdminPassword, "10.0.0.1"));
        await house.Do(u => house.Access.ChangePassword(u, other.Caller, new UserId(1), House.AdminPassword, "another horse battery"));
        Assert.True((await house.Access.BySession(other.Cookie, null, false, "10.0.0.1", ct: Ct)).Refused);
    }

    [Fact]
    public async Task FailedSignIn_LeavesARow_WithoutAPasswordTypedAsName()
    {
        await using var house = await House.Open();
        var unit = new Unit();
        Assert.True((await house.Access.SignIn(unit, "hunter2 in the wrong field", "x", "10.0.0.1", ct: Ct)).Refused);
        await house.Commit(unit);
        var row = (await house.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Act), "refused_sign_in")), ct: Ct))[0];
        Assert.Equal("10.0.0.1", row.Address);
        Assert.DoesNotContain("hunter2", house.Bytes(), StringComparison.Ordinal);
    }
}
