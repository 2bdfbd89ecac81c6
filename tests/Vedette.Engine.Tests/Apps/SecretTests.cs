using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Model;
using static Vedette.Engine.Tests.House;

namespace Vedette.Engine.Tests.Apps;

public sealed class SecretTests
{
    private const string Canary = "canary+Sings/\"loud\"=1";

    [Fact]
    public async Task T10_AddressChanged_SecretsMustBeEnteredAgain()
    {
        await using var house = await House.Open();
        var (admin, asset) = await Made(house);
        foreach (var change in new[] { """{"host":"evil.example"}""", """{"port":1}""", """{"verify":false}""" })
        {
            var row = await Row(house, asset);
            var posted = house.Apps.Masked(row);
            foreach (var (key, value) in JsonNode.Parse(change)!.AsObject())
            {
                posted[key] = value?.DeepClone();
            }

            var answer = await house.Do(u => house.Apps.ChangeAsset(u, admin, asset, new AssetDraft { Configuration = Json.Of(posted) }));
            Assert.Equal(["api_key", "password"], answer.SecretsCleared.Order());
            row = await Row(house, asset);
            Assert.Equal("{}", row.Secrets);
            Assert.Equal("setting_missing", house.Apps.Open(row).Refusal!.Code);

            await house.Do(u => house.Apps.ChangeAsset(u, admin, asset, new AssetDraft { Configuration = Settings() }));
        }
    }

    [Fact]
    public async Task MaskPostedBack_KeepsTheSecret_AndANewOneReplacesIt()
    {
        await using var house = await House.Open();
        var (admin, asset) = await Made(house);
        var posted = house.Apps.Masked(await Row(house, asset));
        posted["user"] = "somebody else";
        var answer = await house.Do(u => house.Apps.ChangeAsset(u, admin, asset, new AssetDraft { Configuration = Json.Of(posted) }));
        Assert.Empty(answer.SecretsCleared);
        Assert.Equal(Canary, house.Apps.Open(await Row(house, asset)).Value.Text("password"));

        posted["password"] = "another";
        await house.Do(u => house.Apps.ChangeAsset(u, admin, asset, new AssetDraft { Configuration = Json.Of(posted) }));
        var settings = house.Apps.Open(await Row(house, asset)).Value;
        Assert.Equal("another", settings.Text("password"));
        Assert.Equal(Canary, settings.Text("api_key"));
        Assert.Equal(8089, settings.Number("port", 0));

        posted["password"] = "salt:000000000000000000000000";
        Assert.Contains("\"password\"", (await House.Refused(u => house.Apps.ChangeAsset(u, admin, asset, new AssetDraft { Configuration = Json.Of(posted) }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T10_CiphertextElsewhere_DoesNotOpen()
    {
        await using var house = await House.Open();
        var (admin, asset) = await Made(house);
        var other = (await house.Do(u => house.Apps.CreateAsset(u, admin, Draft("second")))).Id;
        var row = await Row(house, asset);
        var target = await Row(house, other);
        Assert.False(house.Apps.Open(target).Refused);

        Assert.Equal("secret_does_not_open", house.Apps.Open(target with { Secrets = row.Secrets }).Refusal!.Code);
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Secrets)!;
        var swapped = JsonSerializer.Serialize(new Dictionary<string, string> { ["password"] = secrets["api_key"], ["api_key"] = secrets["password"] });
        Assert.Equal("secret_does_not_open", house.Apps.Open(row with { Secrets = swapped }).Refusal!.Code);
        var moved = row.Configuration.Replace("sensor.example", "evil.example", StringComparison.Ordinal);
        Assert.NotEqual(row.Configuration, moved);
        Assert.Equal("secret_does_not_open", house.Apps.Open(row with { Configuration = moved }).Refusal!.Code);
        house.Keys.Current = SecretKey.Draw();
        Assert.Equal("secret_does_not_open", house.Apps.Open(row).Refusal!.Code);
    }

    [Fact]
    public async Task T10_NewDefaultOfAnAddressSetting_DoesNotTakeTheSecretAlong()
    {
        await using var house = await House.Open();
        var (_, asset) = await Made(house);
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector("1.3.0", portDefault: "9999")]));
        Assert.Equal("secret_does_not_open", house.Apps.Open(await Row(house, asset)).Refusal!.Code);
    }

    [Fact]
    public async Task T13_SecretIsInNoRow_NoAudit_NoMask_NoRefusal()
    {
        await using var house = await House.Open();
        var (admin, asset) = await Made(house);
        var wrong = await House.Refused(u => house.Apps.ChangeAsset(u, admin, asset, new AssetDraft
        {
            Configuration = Json.Of(new { port = "not a number", password = Canary }),
        }));
        var row = await Row(house, asset);
        var settings = house.Apps.Open(row).Value;
        var everything = string.Join('\n', house.Bytes(), wrong, house.Apps.Masked(row).ToJsonString(), row, settings, Draft("x"), house.Keys.Current);
        string[] forms =
        [
            Canary,
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)),
            Uri.EscapeDataString(Canary),
            JsonSerializer.Serialize(Canary).Trim('"'),
        ];
        Assert.All(forms, form => Assert.DoesNotContain(form, everything, StringComparison.Ordinal));
        Assert.NotEmpty(await house.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Object), "asset")), ct: Ct));
    }

    private static AssetDraft Draft(string name) => new() { Name = name, App = new AppChoice(Vendor: "acme", Product: "sensor"), Configuration = Settings() };

    private static JsonElement Settings() => Json.Of(new { host = "https://sensor.example:8089", user = "svc", password = Canary, api_key = Canary, unknown = 1 });

    private static async Task<AssetRow> Row(House house, AssetId id) => (await house.Store.Find<AssetRow>(id.Value))!;

    private static async Task<(Caller Admin, AssetId Asset)> Made(House house)
    {
        await house.Do(u => house.Apps.Register(u, Caller.Platform, [new SampleConnector()]));
        var admin = await house.Admin();
        return (admin, (await house.Do(u => house.Apps.CreateAsset(u, admin, Draft("first")))).Id);
    }
}
