using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Model;
using static Vedette.Engine.Tests.House;

namespace Vedette.Engine.Tests.Apps;

public sealed class AssetTests
{
    private const string OtherGuid = "0d0f2c36-52a8-4a1b-9d0a-6f0b8c1e2a22";

    [Fact]
    public async Task Settings_AreCheckedByTheManifest_AllFaultsAtOnce()
    {
        await using var house = await House.Open();
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector()]));
        var admin = await house.Admin();
        var refusal = await House.Refused(u => house.Apps.CreateAsset(u, admin, Draft("a", new { port = "abc", verify = 3, password = "" })));
        foreach (var field in new[] { "\"host\" is required", "\"port\" is not of type numeric", "\"verify\" is not of type boolean", "\"password\" is required" })
        {
            Assert.Contains(field, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal("unknown_app", (await House.Refused(u => house.Apps.CreateAsset(u, admin, new AssetDraft { Name = "a", App = new AppChoice(Guid: OtherGuid) }))).Code);
        var made = await house.Do(u => house.Apps.CreateAsset(u, admin, Draft("a", new { host = "10.0.0.5", port = "8443", verify = "False", password = "p", extra = 1, ingest = new { container_label = "events" } })));
        var row = (await house.Apps.Catalogue(ct: Ct)).Assets.Single();
        Assert.Equal(made.Id.Value, row.Id);
        Assert.Equal("""{"host":"10.0.0.5","port":8443,"verify":false,"ingest":{"container_label":"events"}}""", row.Configuration);
        Assert.Equal("name_taken", (await House.Refused(u => house.Apps.CreateAsset(u, admin, Draft("A", new { host = "h", password = "p" })))).Code);
    }

    [Theory]
    [InlineData("sensor.example", "sensor.example")]
    [InlineData("https://sensor.example:8089/path", "sensor.example:8089")]
    [InlineData("https://sensor.example", "sensor.example:443")]
    [InlineData("sensor.example:8089", "sensor.example:8089")]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("https://[2001:db8::5]:8089", "[2001:db8::5]:8089")]
    [InlineData("2001:db8::5", "2001:db8::5")]
    public async Task Scope_IsTheHostTheSettingsName(string host, string target)
    {
        await using var house = await House.Open();
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector()]));
        var admin = await house.Admin();
        await house.Do(u => house.Apps.CreateAsset(u, admin, Draft("a", new { host, password = "p" })));
        var scope = house.Apps.ScopeOf((await house.Apps.Catalogue(ct: Ct)).Assets.Single());
        Assert.Equal([target], scope.Targets);
        Assert.False(scope.PublicToo);
    }

    [Fact]
    public async Task Resolve_TakesTheNewestApp_OrTheNamedAssets_OrSaysWhyNot()
    {
        await using var house = await House.Open();
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector("1.9.0"), new SampleConnector("1.10.0", OtherGuid)]));
        var admin = await house.Admin();
        var apps = (await house.Apps.Catalogue(ct: Ct)).Apps;
        foreach (var (app, at) in apps.Select((app, at) => (app, at)))
        {
            await house.Do(u => house.Apps.CreateAsset(u, admin, Draft($"asset{at}", new { host = "h", password = "p" }) with { App = new AppChoice(new AppId(app.Id)) }));
        }

        var newest = (await house.Apps.Resolve("look up", null, null, ct: Ct)).Value.Single();
        Assert.Equal("1.10.0", newest.App.AppVersion);
        Assert.Equal("1.10.0", newest.Connector.Manifest.Version);
        Assert.Equal(2, (await house.Apps.Resolve("LOOK UP", ["asset0", "asset1"], "Sample", ct: Ct)).Value.Count);
        Assert.Equal("Asset \"nope\" not found.", (await house.Apps.Resolve("look up", ["nope"], null, ct: Ct)).Refusal!.Message);
        Assert.Equal("unknown_action", (await house.Apps.Resolve("fly", ["asset0"], null, ct: Ct)).Refusal!.Code);
        Assert.Equal("no_asset", (await house.Apps.Resolve("look up", null, "Other", ct: Ct)).Refusal!.Code);

        await house.Do(u => house.Apps.ChangeAsset(u, admin, new AssetId(newest.Asset.Id), new AssetDraft { Disabled = true }));
        Assert.Equal("asset_disabled", (await house.Apps.Resolve("look up", [newest.Asset.Name], null, ct: Ct)).Refusal!.Code);
        Assert.Equal("1.9.0", (await house.Apps.Resolve("look up", null, null, ct: Ct)).Value.Single().App.AppVersion);
    }

    [Fact]
    public async Task Register_RenewsTheRow_AndTheNewerOfOneGuidCounts()
    {
        await using var house = await House.Open();
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector("1.10.0"), new SampleConnector("1.9.0")]));
        var first = (await house.Apps.Catalogue(ct: Ct)).Apps.Single();
        Assert.Equal("1.10.0", first.AppVersion);
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector("2.0.0")]));
        var second = (await house.Store.Select<AppRow>(new Query(), ct: Ct)).Single();
        Assert.Equal((first.Id, "2.0.0", 2), (second.Id, second.AppVersion, second.Version));
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector("2.0.0")]));
        Assert.Equal(2, (await house.Store.Find<AppRow>(first.Id, ct: Ct))!.Version);
    }

    private static AssetDraft Draft(string name, object settings) =>
        new() { Name = name, App = new AppChoice(Vendor: "Acme", Product: "Sensor"), Configuration = Json.Of(settings) };
}
