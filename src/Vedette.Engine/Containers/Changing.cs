using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Containers;

/// <summary>Works out which columns a change moves, and to what.</summary>
internal sealed class Changing(IStore store, TimeProvider clock, Drafting drafting)
{
    /// <summary>Columns that differ from what is stored, and whether this resolves the container.</summary>
    public sealed record Columns(IReadOnlyList<(string Column, object? Value)> Values, bool Resolves, bool Relabels);

    public async ValueTask<Outcome<Columns>> Container(Caller caller, ContainerRow row, ContainerChange change)
    {
        var faults = new Faults();
        var columns = new ChangedColumns();
        var lists = await PickLists.Read(store, row.TenantId);
        if (change.Name is not null)
        {
            if (change.Name.Length == 0)
            {
                faults.Add("missing_name", "name cannot be empty.");
            }

            columns.Move(nameof(row.Name), row.Name, faults.Text("name", change.Name, Limits.NameLength));
        }

        if (change.Label is not null && change.Label != row.Label)
        {
            await drafting.CheckLabel(caller, change.Label, faults);
            columns.Move(nameof(row.Label), row.Label, change.Label);
        }

        if (change.Description is not null)
        {
            columns.Move(nameof(row.Description), row.Description, faults.Text("description", change.Description, Limits.DescriptionLength));
        }

        columns.Move(nameof(row.ContainerType), row.ContainerType, faults.Word("container_type", change.ContainerType, row.ContainerType, "default", "case"));
        columns.Move(nameof(row.Sensitivity), row.Sensitivity, faults.Word("sensitivity", change.Sensitivity, row.Sensitivity, Drafting.Sensitivities));
        if (change.Severity is not null && !change.Severity.Equals(row.Severity, StringComparison.OrdinalIgnoreCase))
        {
            columns.Move(nameof(row.Severity), row.Severity, lists.Severity(faults, change.Severity)?.Name);
        }

        var resolves = Status(caller, row, change.Status, lists, faults, columns);
        await Owner(row, change, faults, columns);
        if (change.SourceDataIdentifier is { Length: > 0 } identifier && identifier != row.SourceDataIdentifier)
        {
            columns.Move(nameof(row.SourceDataIdentifier), row.SourceDataIdentifier, faults.Text("source_data_identifier", identifier, Limits.IdentifierLength));
            columns.Move(nameof(row.Hash), row.Hash, Digests.OfContainer(row.TenantId, row.AssetId, identifier));
        }

        columns.Move(nameof(row.WorkflowName), row.WorkflowName, change.WorkflowName ?? row.WorkflowName);
        if (change.CurrentPhase is { } phase)
        {
            columns.Move(nameof(row.CurrentPhaseId), row.CurrentPhaseId, phase.To);
        }

        columns.Move(nameof(row.StartTime), row.StartTime, change.StartTime);
        columns.Move(nameof(row.EndTime), row.EndTime, change.EndTime);
        columns.Move(nameof(row.DueTime), row.DueTime, change.DueTime);
        if (change.KillChain is { } killChain)
        {
            columns.Move(nameof(row.KillChain), row.KillChain, faults.Text("kill_chain", killChain.To, Limits.WordLength));
        }

        if (change.Tags is not null)
        {
            columns.Move(nameof(row.Tags), row.Tags, faults.Tags(change.Tags));
        }

        if (change.Data is not null)
        {
            columns.Move(nameof(row.Data), row.Data, faults.Object("data", change.Data, Limits.DataLength, int.MaxValue));
        }

        if (change.CustomFields is not null)
        {
            columns.Move(nameof(row.CustomFields), row.CustomFields, Merged(row.CustomFields, change.CustomFields, faults));
        }

        return faults.None ? new Columns(columns.Values, resolves, columns.Has(nameof(row.Label))) : faults.Refusal;
    }

    public static async ValueTask<Outcome<Columns>> Artifact(IStore store, ArtifactRow row, ArtifactChange change)
    {
        var faults = new Faults();
        var columns = new ChangedColumns();
        if (!string.IsNullOrEmpty(change.Name))
        {
            columns.Move(nameof(row.Name), row.Name, faults.Text("name", change.Name, Limits.NameLength));
        }

        if (change.Label is not null)
        {
            columns.Move(nameof(row.Label), row.Label, faults.Text("label", change.Label, Limits.WordLength));
        }

        if (change.Severity is not null && !change.Severity.Equals(row.Severity, StringComparison.OrdinalIgnoreCase))
        {
            var lists = await PickLists.Read(store, row.TenantId);
            columns.Move(nameof(row.Severity), row.Severity, lists.Severity(faults, change.Severity)?.Name);
        }

        if (change.Type is { } type)
        {
            columns.Move(nameof(row.Type), row.Type, faults.Text("type", type.To, Limits.WordLength));
        }

        if (!string.IsNullOrEmpty(change.SourceDataIdentifier))
        {
            columns.Move(nameof(row.SourceDataIdentifier), row.SourceDataIdentifier, faults.Text("source_data_identifier", change.SourceDataIdentifier, Limits.IdentifierLength));
        }

        if (change.Cef is not null)
        {
            columns.Move(nameof(row.Cef), row.Cef, faults.Object("cef", change.Cef, Limits.CefLength));
        }

        if (change.CefTypes is not null)
        {
            columns.Move(nameof(row.CefTypes), row.CefTypes, Drafting.CefTypes(change.CefTypes, faults));
        }

        if (change.Data is not null)
        {
            columns.Move(nameof(row.Data), row.Data, faults.Object("data", change.Data, Limits.DataLength, int.MaxValue, orList: true));
        }

        if (change.Description is { } description)
        {
            columns.Move(nameof(row.Description), row.Description, faults.Text("description", description.To, Limits.DescriptionLength));
        }

        if (change.KillChain is { } killChain)
        {
            columns.Move(nameof(row.KillChain), row.KillChain, faults.Text("kill_chain", killChain.To, Limits.WordLength));
        }

        columns.Move(nameof(row.StartTime), row.StartTime, change.StartTime);
        columns.Move(nameof(row.EndTime), row.EndTime, change.EndTime);
        if (change.Tags is not null)
        {
            columns.Move(nameof(row.Tags), row.Tags, faults.Tags(change.Tags));
        }

        return faults.None ? new Columns(columns.Values, false, false) : faults.Refusal;
    }

    private bool Status(Caller caller, ContainerRow row, string? asked, PickLists lists, Faults faults, ChangedColumns columns)
    {
        if (asked is null || asked.Equals(row.Status, StringComparison.OrdinalIgnoreCase) || lists.Status(faults, asked) is not { } status)
        {
            return false;
        }

        columns.Move(nameof(row.Status), row.Status, status.Name);
        var was = lists.StatusType(row.Status);
        if (status.StatusType == "resolved")
        {
            if (was == "resolved")
            {
                return false;
            }

            columns.Put(nameof(row.CloseTime), clock.GetUtcNow());
            columns.Move(nameof(row.ClosingOwnerId), row.ClosingOwnerId, caller.Run is null && caller.UserId != 0 ? caller.UserId : null);
            columns.Move(nameof(row.ClosingRunId), row.ClosingRunId, caller.Run?.Value);
            return true;
        }

        columns.Move(nameof(row.CloseTime), row.CloseTime, (DateTimeOffset?)null);
        columns.Move(nameof(row.ClosingOwnerId), row.ClosingOwnerId, (long?)null);
        columns.Move(nameof(row.ClosingRunId), row.ClosingRunId, (long?)null);
        if (status.StatusType == "open" && row.OpenTime is null)
        {
            columns.Put(nameof(row.OpenTime), clock.GetUtcNow());
        }

        return false;
    }

    private async ValueTask Owner(ContainerRow row, ContainerChange change, Faults faults, ChangedColumns columns)
    {
        if (!string.IsNullOrWhiteSpace(change.Owner?.To) && !string.IsNullOrWhiteSpace(change.Role?.To))
        {
            faults.Add("owner_and_role", "Container cannot be assigned both an owner and a role.");
            return;
        }

        if (change.Owner is { } owner)
        {
            var id = await Names.Owner(store, row.TenantId, owner.To, faults);
            columns.Move(nameof(row.OwnerId), row.OwnerId, id);
            if (id is not null)
            {
                columns.Move(nameof(row.RoleId), row.RoleId, (long?)null);
            }
        }

        if (change.Role is { } role)
        {
            var id = await Names.Role(store, row.TenantId, role.To, faults);
            if (id is not null || change.Owner?.To is null)
            {
                columns.Move(nameof(row.RoleId), row.RoleId, id);
            }

            if (id is not null)
            {
                columns.Move(nameof(row.OwnerId), row.OwnerId, (long?)null);
            }
        }
    }

    private static string Merged(string stored, JsonElement? change, Faults faults)
    {
        if (faults.Object("custom_fields", change, Limits.CustomFieldsLength) == "{}")
        {
            return stored;
        }

        var merged = JsonNode.Parse(stored)!.AsObject();
        foreach (var property in change!.Value.EnumerateObject())
        {
            merged[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        var text = merged.ToJsonString();
        if (merged.Count > Limits.Keys || text.Length > Limits.CustomFieldsLength)
        {
            faults.TooLarge($"custom_fields would have {merged.Count} fields and {text.Length} characters; {Limits.Keys} and {Limits.CustomFieldsLength} are allowed.");
        }

        return text;
    }
}
