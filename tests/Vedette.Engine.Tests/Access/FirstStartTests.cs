using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;
using static Vedette.Engine.Tests.House;

namespace Vedette.Engine.Tests.Access;

public sealed class FirstStartTests
{
    [Fact]
    public async Task T30_NoKnownCredentials_AndTheMadeUpPasswordMustBeChanged()
    {
        await using var house = await House.Open(seeded: false);
        var start = await house.Do(u => house.Access.FirstStart(u, null, null));
        Assert.Equal(20, start.MadeUpPassword!.Length);
        Assert.DoesNotContain(start.MadeUpPassword, house.Bytes(), StringComparison.Ordinal);
        Assert.DoesNotContain(start.MadeUpPassword, start.ToString(), StringComparison.Ordinal);
        Assert.Empty(await house.Store.Select<TokenRow>(new Query(), ct: Ct));
        Assert.Equal("""["127.0.0.1","::1"]""", (await house.Store.Find<UserRow>(2, ct: Ct))!.AllowedIps);

        foreach (var known in new[] { "admin", "password", "changeme", "phantom", "vedette" })
        {
            Assert.True((await house.Access.ByBasic("admin", known, $"10.0.0.{known.Length}", ct: Ct)).Refused);
            house.Time.Pass(TimeSpan.FromMinutes(30));
        }

        var admin = (await house.Access.ByBasic("admin", start.MadeUpPassword, "192.0.2.1", ct: Ct)).Value;
        Assert.Equal(Permissions.None, admin.May);
        await house.Do(u => house.Access.ChangePassword(u, admin, new UserId(1), start.MadeUpPassword, "a password of my own"));
        Assert.Equal(Permissions.All, (await house.Access.ByBasic("admin", "a password of my own", "192.0.2.1", ct: Ct)).Value.May);
    }

    [Fact]
    public async Task T30_WeakPasswordsAndTokens_AreRefused()
    {
        await using var house = await House.Open(seeded: false);
        Assert.Equal("weak_password", (await House.Refused(u => house.Access.FirstStart(u, "password", null))).Code);
        Assert.Equal("weak_token", (await House.Refused(u => house.Access.FirstStart(u, null, "token"))).Code);
    }

    [Fact]
    public async Task Seeds_WhatClientsKnowByNumber_Once()
    {
        await using var house = await House.Open();
        Assert.Equal("admin", (await house.Store.Find<UserRow>(1, ct: Ct))!.Username);
        Assert.Equal("automation", (await house.Store.Find<UserRow>(2, ct: Ct))!.Username);
        Assert.Equal("""["any"]""", (await house.Store.Find<UserRow>(2, ct: Ct))!.AllowedIps);
        Assert.Equal(7, (await house.Store.Select<RoleRow>(new Query(), ct: Ct)).Count);
        Assert.Equal(["new", "open", "closed"], (await house.Store.Select<StatusRow>(new Query(), ct: Ct)).Select(s => s.Name));
        Assert.Equal(["high", "medium", "low"], (await house.Store.Select<SeverityRow>(new Query(), ct: Ct)).Select(s => s.Name));
        Assert.Equal(240, (await house.Store.Select<LabelRow>(new Query(), ct: Ct)).Single(l => l.Name == "events").GroupWindowMinutes);
        Assert.DoesNotContain(House.FirstToken, house.Bytes(), StringComparison.Ordinal);
        Assert.False((await house.Do(u => house.Access.FirstStart(u, null, null))).Seeded);

        var admin = await house.Admin();
        Assert.True((await house.Do(u => house.Access.CreateUser(u, admin, new UserDraft { Username = "third" }))).Value > 2);
    }
}
