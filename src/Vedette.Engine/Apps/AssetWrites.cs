using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Apps;

/// <summary>Makes and changes assets. Secrets are sealed here and leave in no answer.</summary>
internal sealed class AssetWrites(IStore store, Installed installed, Snapshot<AssetList> assets, SecretSeal seal, TimeProvider time)
{
    /// <summary>Told after the commit.</summary>
    public event Action<AssetId>? Changed;

    private static readonly Dictionary<string, string> NoSecrets = [];
    private static readonly JsonElement NoSettings = JsonSerializer.SerializeToElement(new { });

    public async ValueTask<Outcome<AssetAnswer>> Create(Unit unit, Caller caller, AssetDraft draft, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditAssets) is { } lacks)
        {
            return lacks;
        }

        if (draft.App is not { } choice || installed.Find(choice) is not { } app)
        {
            return new Refusal(RefusalKind.Invalid, "unknown_app", "The asset's app is not known: name it by app_id, app_guid, or product_vendor and product_name.");
        }

        var id = store.NextId<AssetRow>();
        if (await Faults(id, draft with { Name = draft.Name ?? "" }, ct).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        var form = SettingsForm.Read(app.Manifest, draft.Configuration ?? NoSettings);
        var written = Secrets(id, app, form, NoSecrets);
        if (written.Faults.Count > 0)
        {
            return Invalid(draft.Name!, written.Faults);
        }

        var now = time.GetUtcNow();
        unit.Insert(new AssetRow
        {
            Id = id,
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            Name = draft.Name!.Trim(),
            AppId = app.Row.Id,
            Description = draft.Description ?? "",
            ProductVendor = app.Row.ProductVendor,
            ProductName = app.Row.ProductName,
            Type = app.Row.Type,
            Tags = Texts.Write(draft.Tags ?? []),
            Disabled = draft.Disabled ?? false,
            Configuration = form.Plain.ToJsonString(),
            Secrets = JsonSerializer.Serialize(written.Sealed),
            Concurrency = draft.Concurrency,
        });
        unit.Audit(caller, now, "created", "asset", id, content: new JsonObject
        {
            ["name"] = draft.Name.Trim(),
            ["app"] = app.Row.Name,
            ["settings"] = List(form.Plain.Select(p => p.Key)),
            ["secrets_entered"] = List(form.Entered.Keys),
            ["address"] = SettingsForm.Address(app.Manifest, form.Plain),
        });
        unit.Afterward(assets.Forget);
        return new AssetAnswer(new AssetId(id), []);
    }

    public async ValueTask<Outcome<AssetAnswer>> Change(Unit unit, Caller caller, AssetId id, AssetDraft draft, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditAssets) is { } lacks)
        {
            return lacks;
        }

        if (await store.Find<AssetRow>(id.Value, ct).ConfigureAwait(false) is not { } row)
        {
            return new Refusal(RefusalKind.NotFound, "unknown_asset", "asset item not found");
        }

        if (installed.Find(row.AppId) is not { } app || (draft.App is { } choice && installed.Find(choice)?.Row.Id != row.AppId))
        {
            return new Refusal(RefusalKind.Invalid, "other_app", $"Asset \"{row.Name}\" keeps its app: make a new asset for another one.");
        }

        if (await Faults(row.Id, draft, ct).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        var columns = Columns(draft);
        JsonObject content = [];
        IReadOnlyList<string> cleared = [];
        if (draft.Configuration is { } posted)
        {
            var form = SettingsForm.Read(app.Manifest, posted);
            var written = Secrets(row.Id, app, form, AssetSecrets.Of(row));
            if (written.Faults.Count > 0)
            {
                return Invalid(row.Name, written.Faults);
            }

            cleared = written.Cleared;
            columns.Add((nameof(AssetRow.Configuration), form.Plain.ToJsonString()));
            columns.Add((nameof(AssetRow.Secrets), JsonSerializer.Serialize(written.Sealed)));
            columns.Add((nameof(AssetRow.LastTest), "{}"));
            content["settings"] = List(Differing(AssetSecrets.Plain(row), form.Plain));
            content["secrets_entered"] = List(form.Entered.Keys);
            content["secrets_cleared"] = List(cleared);
            content["address"] = SettingsForm.Address(app.Manifest, form.Plain);
        }

        if (columns.Count == 0)
        {
            return new AssetAnswer(id, []);
        }

        content["fields"] = List(columns.Select(c => c.Column));
        unit.Update<AssetRow>(row.Id, row.Version, [.. columns]);
        unit.Audit(caller, time.GetUtcNow(), "changed", "asset", row.Id, content: content);
        unit.Afterward(() =>
        {
            assets.Forget();
            Changed?.Invoke(id);
        });
        return new AssetAnswer(id, cleared);
    }

    public void Tested(Unit unit, AssetId asset, JsonObject outcome)
    {
        unit.Update<AssetRow>(asset.Value, null, (nameof(AssetRow.LastTest), outcome.ToJsonString()));
        unit.Afterward(assets.Forget);
    }

    /// <summary>Seals what was entered, and keeps what came back as its mask if it still belongs to the address.</summary>
    private Written Secrets(long id, InstalledApp app, SettingsForm form, IReadOnlyDictionary<string, string> stored)
    {
        var digest = SettingsForm.AddressDigest(app.Manifest, form.Plain);
        Dictionary<string, string> kept = new(StringComparer.Ordinal);
        List<string> cleared = [];
        List<string> faults = [.. form.Faults];
        foreach (var (field, secret) in form.Entered)
        {
            kept[field] = seal.Seal(secret, new SealedFor(id, field, digest).Bytes());
        }

        foreach (var (field, mask) in form.Masks)
        {
            if (!stored.TryGetValue(field, out var sealedText) || SecretSeal.Mask(sealedText) != mask)
            {
                faults.Add($"\"{field}\" is the mask of a secret that is no longer there: enter it again");
            }
            else if (seal.Open(sealedText, new SealedFor(id, field, digest).Bytes()) is null)
            {
                cleared.Add(field);
            }
            else
            {
                kept[field] = sealedText;
            }
        }

        return new Written(kept, cleared, faults);
    }

    private async ValueTask<Refusal?> Faults(long id, AssetDraft draft, CancellationToken ct)
    {
        if (draft.Concurrency is < 1 or > 1000)
        {
            return new Refusal(RefusalKind.Invalid, "bad_concurrency", "\"concurrency_limit\" may be 1 to 1000.");
        }

        if (draft.Name is null)
        {
            return null;
        }

        var name = draft.Name.Trim();
        if (name.Length is 0 or > 128 || name.Any(char.IsControl))
        {
            return new Refusal(RefusalKind.Invalid, "bad_name", "\"name\" of an asset needs 1 to 128 signs.");
        }

        var all = await assets.Read(ct).ConfigureAwait(false);
        return all.Rows.FirstOrDefault(a => a.Id != id && string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase)) is { } there
            ? new Refusal(RefusalKind.Duplicate, "name_taken", $"An asset \"{name}\" already exists.", there.Id)
            : null;
    }

    private static List<(string Column, object? Value)> Columns(AssetDraft draft)
    {
        List<(string Column, object? Value)> columns = [];
        void Add(string column, object? value)
        {
            if (value is not null)
            {
                columns.Add((column, value));
            }
        }

        Add(nameof(AssetRow.Name), draft.Name?.Trim());
        Add(nameof(AssetRow.Description), draft.Description);
        Add(nameof(AssetRow.Tags), draft.Tags is { } tags ? Texts.Write(tags) : null);
        Add(nameof(AssetRow.Disabled), draft.Disabled);
        Add(nameof(AssetRow.Concurrency), draft.Concurrency);
        return columns;
    }

    private static IEnumerable<string> Differing(JsonObject before, JsonObject after) => before
        .Concat(after)
        .Select(p => p.Key)
        .Distinct(StringComparer.Ordinal)
        .Where(key => !JsonNode.DeepEquals(before[key], after[key]));

    private static Refusal Invalid(string asset, IReadOnlyList<string> faults) =>
        new(RefusalKind.Invalid, "bad_settings", $"Asset \"{asset}\": {string.Join("; ", faults)}.");

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)JsonValue.Create(text))];

    private sealed record Written(IReadOnlyDictionary<string, string> Sealed, IReadOnlyList<string> Cleared, IReadOnlyList<string> Faults);
}
