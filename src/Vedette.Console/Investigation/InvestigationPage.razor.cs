using Microsoft.AspNetCore.Components;
using Vedette.Console.Parts;
using Vedette.Console.Reading;
using Vedette.Console.Shell;
using Vedette.Engine.Containers;
using Vedette.Engine.Notes;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;

namespace Vedette.Console.Investigation;

public partial class InvestigationPage
{
    private const string NoteField = "note";

    private EventPicture? _picture;
    private Refusal? _refusal;
    private Caller? _caller;
    private IReadOnlyDictionary<long, UserRow> _users = new Dictionary<long, UserRow>();
    private IReadOnlyList<StatusRow> _statuses = [];
    private IReadOnlyList<SeverityRow> _severities = [];
    private EntityHandler? _entities;
    private (string Value, IReadOnlyList<string> Contains)? _entity;
    private ActionPreset? _preset;
    private Menu? _owner;
    private string _tab = "Activity";
    private string _note = "";
    private long? _run;
    private long _shown;
    private bool _follow = true;
    private bool _starting;
    private bool _acting;
    private bool _closing;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    private IPlaybooks Playbooks { get; set; } = null!;

    private UserRow? Owner => UserOf(_picture!.Event.OwnerId);

    private string StatusType => _statuses.FirstOrDefault(status => status.Name.Equals(_picture!.Event.Status, StringComparison.OrdinalIgnoreCase))?.StatusType ?? "open";

    protected override async Task OnInitializedAsync()
    {
        _entities = new EntityHandler((value, contains) =>
        {
            _entity = (value, contains);
            StateHasChanged();
            return Task.CompletedTask;
        });
        (_users, _statuses, _severities) = (await People.Users(), await People.Statuses(), await People.Severities());
        Listen(Pressed);
        Follow(touch => _picture is { } picture ? picture.IsTouchedBy(touch) : touch.Container is null || touch.Container == Id, async _ =>
        {
            if (_follow)
            {
                await Read();
                StateHasChanged();
            }
        });
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Id)
        {
            return;
        }

        _shown = Id;
        (_run, _entity, _tab) = (null, null, "Activity");
        Shell.Show(Crumbs(), narrow: true);
        await Read();
    }

    private RenderFragment Crumbs() => builder =>
    {
        builder.OpenElement(0, "a");
        builder.AddAttribute(1, "href", "events");
        builder.AddContent(2, "Events");
        builder.CloseElement();
        builder.OpenComponent<Icon>(3);
        builder.AddComponentParameter(4, nameof(Icon.Name), "chevron-right");
        builder.AddComponentParameter(5, nameof(Icon.Class), "s");
        builder.CloseComponent();
        builder.OpenElement(6, "b");
        builder.AddAttribute(7, "class", "mono");
        builder.AddContent(8, Id);
        builder.CloseElement();
    };

    private async Task Read()
    {
        _caller = (await Seat.Who()).Ok(out var caller, out _) ? caller : null;
        _picture = (await EventPicture.Read(Reader, Id)).Ok(out var picture, out _refusal) ? picture : null;
    }

    private bool May(Permissions needed) => _caller?.Lacks(needed) is null && _caller is not null;

    private UserRow? UserOf(long? id) => id is { } known ? _users.GetValueOrDefault(known) : null;

    private static IEnumerable<(string Name, long Count)> Tabs(EventPicture picture) =>
        [("Activity", 0), ("Artifacts", picture.Event.ArtifactCount), ("Notes", picture.Notes.Count + picture.Comments.Count), ("Evidence", picture.Evidence.Count), ("Audit", picture.Audit.Count)];

    /// <summary>What systems answered, in the order it was asked; questions to people stand elsewhere.</summary>
    private IEnumerable<ActionRunRow> Widgets(EventPicture picture) =>
        picture.Actions.Where(action => action.Type != ActionRunRow.OfAPerson && (_run is null || action.PlaybookRunId == _run)).TakeLast(40);

    private async Task Follow()
    {
        _follow = !_follow;
        if (_follow)
        {
            await Read();
        }
    }

    private Task Change(ContainerChange change) => Acts.Try((unit, caller) => Containers.Change(unit, caller, new ContainerId(Id), change));

    private Task Promote() => Acts.Try((unit, caller) => CaseDoor.Promote(unit, caller, new ContainerId(Id), null), $"Event {Id} is a case now");

    private Task Cancel(long run) => Acts.Try((unit, caller) => Playbooks.Cancel(unit, caller, new PlaybookRunId(run)), $"Run {run} is cancelled");

    private Task Pin((string Message, string Data) fact) => Acts.Try(
        (unit, caller) => Notes.AddPin(unit, caller, new PinDraft { Container = new ContainerId(Id), Message = fact.Message, Data = fact.Data, PinType = "card_medium" }), "Pinned");

    private void OpenAction(ActionPreset? preset)
    {
        (_preset, _acting, _entity) = (preset, true, null);
    }

    private async Task WriteNote()
    {
        if (_note.Trim().Length == 0)
        {
            return;
        }

        if (await Acts.Try((unit, caller) => Notes.AddNote(unit, caller, new NoteDraft { Container = new ContainerId(Id), Content = _note.Trim() })))
        {
            _note = "";
            await Browser.ForgetDraft(NoteField);
            await Read();
        }
    }

    private async Task<bool> Pressed(string key)
    {
        if (_picture is null)
        {
            return false;
        }

        switch (key)
        {
            case "r" when May(Permissions.RunPlaybooks):
                _starting = true;
                return true;
            case "x" when May(Permissions.RunActions):
                OpenAction(null);
                return true;
            case "c" when May(Permissions.EditEvents):
                _closing = true;
                return true;
            case "p" when May(Permissions.EditEvents) && _picture.Event.ContainerType != "case":
                await Promote();
                return true;
            case "a":
                _owner?.Open();
                return true;
            case "n":
                await Browser.FocusIn("note-field");
                return true;
            case "f":
                await Follow();
                return true;
            case "Escape" when _entity is not null:
                _entity = null;
                return true;
            default:
                return false;
        }
    }
}
