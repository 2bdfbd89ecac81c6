using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Containers;

/// <summary>Makes rows of what senders ask for: defaults filled in, every fault named.</summary>
internal sealed class Drafting(IStore store, TimeProvider clock)
{
    public static readonly string[] Sensitivities = ["white", "green", "amber", "red"];

    public async ValueTask<Outcome<ContainerRow>> Container(Caller caller, ContainerDraft draft)
    {
        var faults = new Faults();
        var now = Now();
        var lists = await PickLists.Read(store, caller.TenantId);
        if (string.IsNullOrWhiteSpace(draft.Name))
        {
            faults.Add("missing_name", "name is missing.");
        }

        if (!string.IsNullOrWhiteSpace(draft.Owner) && !string.IsNullOrWhiteSpace(draft.Role))
        {
            faults.Add("owner_and_role", "Container cannot be assigned both an owner and a role.");
        }

        var asset = await Asset(caller, draft.AssetId, faults);
        var label = draft.Label ?? IngestLabel(asset) ?? caller.DefaultLabel;
        await CheckLabel(caller, label, faults);
        var severity = lists.Severity(faults, draft.Severity);
        var status = lists.Status(faults, draft.Status);
        var identifier = string.IsNullOrEmpty(draft.SourceDataIdentifier) ? Guid.NewGuid().ToString() : draft.SourceDataIdentifier;
        var row = new ContainerRow
        {
            Id = store.NextId<ContainerRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            Name = faults.Text("name", draft.Name, Limits.NameLength) ?? "",
            Label = label ?? "",
            Description = faults.Text("description", draft.Description, Limits.DescriptionLength) ?? "",
            ContainerType = faults.Word("container_type", draft.ContainerType, "default", "default", "case"),
            Status = status?.Name ?? "new",
            Severity = severity?.Name ?? "medium",
            Sensitivity = faults.Word("sensitivity", draft.Sensitivity, "amber", Sensitivities),
            SourceDataIdentifier = faults.Text("source_data_identifier", identifier, Limits.IdentifierLength)!,
            AssetId = asset?.Id ?? 0,
            IngestAppId = await Names.App(store, caller.TenantId, draft.IngestApp, faults),
            OwnerId = await Names.Owner(store, caller.TenantId, draft.Owner, faults),
            RoleId = await Names.Role(store, caller.TenantId, draft.Role, faults),
            StartTime = draft.StartTime ?? now,
            EndTime = draft.EndTime,
            OpenTime = status?.StatusType == "open" ? now : null,
            CloseTime = status?.StatusType == "resolved" ? now : null,
            DueTime = draft.DueTime ?? (severity?.SlaMinutes is { } minutes ? now.AddMinutes(minutes) : null),
            KillChain = faults.Text("kill_chain", draft.KillChain, Limits.WordLength),
            Tags = faults.Tags(draft.Tags),
            Data = faults.Object("data", draft.Data, Limits.DataLength, int.MaxValue),
            CustomFields = faults.Object("custom_fields", draft.CustomFields, Limits.CustomFieldsLength),
            Hash = Digests.OfContainer(caller.TenantId, asset?.Id ?? 0, identifier),
            FirstSeenAt = now,
            LastSeenAt = now,
            CreatedBy = caller.Author,
        };
        return faults.None ? row : faults.Refusal;
    }

    public async ValueTask<Outcome<ArtifactRow>> Artifact(Caller caller, ArtifactDraft draft, ContainerId named, ContainerId stored)
    {
        var faults = new Faults();
        var now = Now();
        var lists = await PickLists.Read(store, caller.TenantId);
        var name = string.IsNullOrEmpty(draft.Name) ? "artifact" : draft.Name;
        var label = string.IsNullOrEmpty(draft.Label) ? "event" : draft.Label;
        var cef = faults.Object("cef", draft.Cef, Limits.CefLength);
        var hash = Digests.OfArtifact(name, label, draft.Type, cef);
        var given = !string.IsNullOrEmpty(draft.SourceDataIdentifier);
        var identifier = given ? draft.SourceDataIdentifier! : Guid.NewGuid().ToString();
        var row = new ArtifactRow
        {
            Id = store.NextId<ArtifactRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = stored.Value,
            Name = faults.Text("name", name, Limits.NameLength)!,
            Label = faults.Text("label", label, Limits.WordLength)!,
            Severity = lists.Severity(faults, draft.Severity)?.Name ?? "medium",
            Type = faults.Text("type", draft.Type, Limits.WordLength),
            SourceDataIdentifier = faults.Text("source_data_identifier", identifier, Limits.IdentifierLength)!,
            Cef = cef,
            CefTypes = CefTypes(draft.CefTypes, faults),
            Data = faults.Object("data", draft.Data, Limits.DataLength, int.MaxValue, orList: true),
            Description = faults.Text("description", draft.Description, Limits.DescriptionLength),
            KillChain = faults.Text("kill_chain", draft.KillChain, Limits.WordLength),
            StartTime = draft.StartTime ?? now,
            EndTime = draft.EndTime,
            Tags = faults.Tags(draft.Tags),
            OwnerId = await Names.Owner(store, caller.TenantId, draft.Owner, faults) ?? caller.Author,
            IngestAppId = await Names.App(store, caller.TenantId, draft.IngestApp, faults),
            AssetId = (await Asset(caller, draft.AssetId, faults))?.Id,
            ParentContainerId = named == stored ? null : named.Value,
            ParentArtifactId = draft.ParentArtifact?.Value,
            PlaybookRunId = caller.Run?.Value,
            Hash = hash,
            DedupeKey = given ? Digests.OfSending(named.Value, caller.UserId, identifier, hash) : identifier,
        };
        return faults.None ? row : faults.Refusal;
    }

    public static string CefTypes(JsonElement? types, Faults faults)
    {
        var raw = faults.Object("cef_types", types, Limits.CefLength);
        if (raw == "{}" || types is not { ValueKind: JsonValueKind.Object } element)
        {
            return raw;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Array || property.Value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            {
                faults.Add("bad_cef_types", $"cef_types.{Faults.Short(property.Name)} has to be a list of text.");
            }
        }

        return raw;
    }

    public async ValueTask CheckLabel(Caller caller, string? label, Faults faults)
    {
        if (string.IsNullOrEmpty(label))
        {
            faults.Add("missing_label", "label is missing, and neither the ingest asset nor the user has a default one.");
        }
        else if (await PickLists.Label(store, caller.TenantId, label) is null)
        {
            faults.Add("unknown_label", $"Label \"{Faults.Short(label)}\" is not a known label.");
        }
    }

    private async ValueTask<AssetRow?> Asset(Caller caller, long? id, Faults faults)
    {
        if (id is null or 0)
        {
            return null;
        }

        var asset = await store.Find<AssetRow>(id.Value);
        if (asset is null || asset.TenantId != caller.TenantId)
        {
            faults.Add("unknown_asset", $"\"asset_id\" Not found: there is no asset {id}.");
            return null;
        }

        return asset;
    }

    private static string? IngestLabel(AssetRow? asset)
    {
        if (asset is null)
        {
            return null;
        }

        using var parsed = JsonDocument.Parse(asset.Configuration);
        return parsed.RootElement.TryGetProperty("ingest", out var ingest) && ingest.ValueKind == JsonValueKind.Object
            && ingest.TryGetProperty("container_label", out var label) && label.ValueKind == JsonValueKind.String
            ? label.GetString()
            : null;
    }

    private DateTimeOffset Now() => clock.GetUtcNow();
}
