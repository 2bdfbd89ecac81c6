using Vedette.Engine.Containers;
using Vedette.Engine.Notes;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Engine.Workbooks;
using Vedette.Model;

namespace Vedette.Engine.Cases;

internal sealed class CaseRoom(IContainers containers, INotes notes, IVault vault, IWorkbooks workbooks, IStore store) : ICases
{
    public async Task<Outcome<Done>> Promote(Unit unit, Caller caller, ContainerId container, string? template)
    {
        var promoted = await containers.Change(unit, caller, container, new ContainerChange { ContainerType = "case" });
        if (promoted.Refused)
        {
            return promoted;
        }

        var added = await workbooks.Add(unit, caller, container, template);
        // Without a name the default workbook is meant, and a case without one is a case all the same; one that is there need not be added.
        return added.Refusal is { Kind: RefusalKind.Duplicate } || (template is null && added.Refusal is { Kind: RefusalKind.NotFound }) ? promoted : added;
    }

    public async Task<Outcome<Done>> Merge(Unit unit, Caller caller, MergeRequest request)
    {
        var (into, from) = (request.Case, request.Container);
        var merged = request.OnlyFile is { } file
            ? await vault.Copy(unit, caller, from, into, file)
            : await containers.AddToCase(unit, caller, into, from, request.OnlyArtifact, request.Artifacts);
        if (merged.Refused)
        {
            return merged;
        }

        if (request.NoteTitle is { } title
            && (await notes.AddNote(unit, caller, new NoteDraft { Container = into, Title = title, Content = request.NoteText ?? "" })).Refusal is { } unwritten)
        {
            return unwritten;
        }

        if (request.OnlyFile is not null || request.OnlyArtifact is not null)
        {
            return merged;
        }

        if (request.Files && (await vault.Copy(unit, caller, from, into, null)).Refusal is { } unattached)
        {
            return unattached;
        }

        if (request.Comments && await Comments(unit, caller, from, into) is { } unsaid)
        {
            return unsaid;
        }

        return request.Notes && await Notes(unit, caller, from, into) is { } no ? no : merged;
    }

    public async Task<IReadOnlyList<ContainerId>> WithMerged(Caller caller, ContainerId container)
    {
        var merged = await store.Select<ContainerRow>(Query.For(Where.Is(nameof(ContainerRow.TenantId), caller.TenantId) & Where.Is(nameof(ContainerRow.ParentContainerId), container.Value)));
        return [container, .. merged.Select(row => new ContainerId(row.Id))];
    }

    private async Task<Refusal?> Comments(Unit unit, Caller caller, ContainerId from, ContainerId into)
    {
        if (!(await notes.CommentsOf(caller, from)).Ok(out var comments, out var no))
        {
            return no;
        }

        foreach (var comment in comments)
        {
            if ((await notes.AddComment(unit, caller, into, comment.Comment)).Refusal is { } refused)
            {
                return refused;
            }
        }

        return null;
    }

    private async Task<Refusal?> Notes(Unit unit, Caller caller, ContainerId from, ContainerId into)
    {
        if (!(await notes.NotesOf(caller, from)).Ok(out var written, out var no))
        {
            return no;
        }

        foreach (var note in written)
        {
            if ((await notes.AddNote(unit, caller, new NoteDraft { Container = into, Title = note.Title, Content = note.Content, NoteFormat = note.NoteFormat })).Refusal is { } refused)
            {
                return refused;
            }
        }

        return null;
    }
}
