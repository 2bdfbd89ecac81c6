using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Vedette.Console.Parts;
using Vedette.Console.Reading;
using Vedette.Console.Shell;
using Vedette.Engine.Cases;
using Vedette.Engine.Containers;
using Vedette.Engine.Storage;

namespace Vedette.Console.Events;

public partial class QueuePage
{
    private const int PageSize = 100;
    private const string Work = "status:new,open";

    private static readonly (string Name, string Filter)[] Views =
    [
        ("Open work", Work),
        ("Mine", Work + " owner:me"),
        ("Unassigned, high", Work + " owner:nobody severity:high"),
        ("Waiting for a person", "is:waiting"),
        ("Automation failed", Work + " is:failed"),
        ("Repeated", Work + " is:storm"),
        ("Closed today", "status:closed age:<24h"),
        ("All", ""),
    ];

    private static readonly (string Name, string Filter)[] Suggestions =
    [
        ("alternatives by comma", "status:new,open"), ("without", "-status:closed"), ("how bad", "severity:high"), ("where it was filed", "label:events"), ("me, nobody or a name", "owner:me"),
        ("event or case", "type:case"), ("m, h or d", "age:<2h"), ("past its time", "is:overdue"), ("a person is asked", "is:waiting"), ("its playbook failed", "is:failed"), ("a tag", "tag:splunk"), ("seen in it", "value:203.0.113.77"),
    ];

    private static readonly QueueSort[] Sorts = [QueueSort.Newest, new("sla", false), new("age", false), new("name", false), new("status", false), new("artifacts", true)];

    private static readonly (string Rows, string Name)[] Heights = [("tall", "Comfortable rows"), ("normal", "Normal rows"), ("dense", "Compact rows")];

    private readonly HashSet<long> _selected = [];
    private QueueFilter _filter = QueueFilter.Nothing;
    private QueueSort _sort = QueueSort.Newest;
    private string? _after;
    private string _typed = "";
    private string _rows = "normal";
    private List<QueueLine>? _lines;
    private Refusal? _refusal;
    private bool _more;
    private long? _total;
    private int _cursor;
    private int _anchor = -1;
    private long _newest;
    private long _fresh;
    private long _freshHigh;
    private int _stamp;
    private long _me;
    private bool _preview;
    private bool _starting;
    private bool _closing;
    private string? _shown;
    private Counter[] _counters = [];
    private IReadOnlyDictionary<long, UserRow> _users = new Dictionary<long, UserRow>();
    private IReadOnlyList<StatusRow> _statuses = [];
    private IReadOnlyList<SeverityRow> _severities = [];
    private IReadOnlyList<ContainerRow> _cases = [];
    private Menu? _assign;
    private Menu? _status;
    private Menu? _merge;
    private Where _condition = Where.All;

    private sealed record Counter(string Name, long Count, string Filter, string Tone);

    [SupplyParameterFromQuery(Name = "q")]
    public string? Q { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? SortText { get; set; }

    [SupplyParameterFromQuery(Name = "after")]
    public string? After { get; set; }

    private bool IsCases => Nav.ToBaseRelativePath(Nav.Uri).StartsWith("cases", StringComparison.Ordinal);

    private string Title => IsCases ? "Cases" : "Events";

    private QueueLine? Cursor => _lines is { Count: > 0 } lines && _cursor < lines.Count ? lines[_cursor] : null;

    protected override async Task OnInitializedAsync()
    {
        if ((await Seat.Who()).Ok(out var caller, out _))
        {
            _me = caller.UserId;
        }

        (_users, _statuses, _severities) = (await People.Users(), await People.Statuses(), await People.Severities());
        Listen(Pressed);
        Follow(
            touch => touch.Row == typeof(ContainerRow) || touch.Row == typeof(PlaybookRunRow) || touch.Row == typeof(ActionRunRow) || touch.Row == typeof(PromptRow),
            Changed);
    }

    protected override async Task OnParametersSetAsync()
    {
        var asked = $"{IsCases}|{Q}|{SortText}|{After}";
        if (asked == _shown)
        {
            return;
        }

        _shown = asked;
        // Without a filter in the address it is the work that is open; an empty one is all there is.
        _filter = QueueFilter.Parse(Q ?? (IsCases ? Work + " type:case" : Work));
        (_sort, _after) = (QueueSort.Parse(SortText), After);
        _typed = string.Join(' ', _filter.Tokens.Where(token => token.Field.Length == 0));
        _cursor = 0;
        _selected.Clear();
        Shell.Show(Crumbs());
        await Reload();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await Browser.Get("rows") is { } rows)
        {
            _rows = rows;
            StateHasChanged();
        }
    }

    private RenderFragment Crumbs() => builder =>
    {
        builder.OpenElement(0, "b");
        builder.AddContent(1, Title);
        builder.CloseElement();
        var view = Views.FirstOrDefault(view => view.Filter == _filter.ToString()).Name ?? "Filtered";
        builder.OpenComponent<Icon>(2);
        builder.AddComponentParameter(3, nameof(Icon.Name), "chevron-right");
        builder.AddComponentParameter(4, nameof(Icon.Class), "s");
        builder.CloseComponent();
        builder.AddContent(5, IsCases ? "Open" : view);
    };

    private async Task Reload()
    {
        _condition = await new QueueQuery(Reader, People, Clock).Condition(_filter, _me);
        var read = await Reader.Select<ContainerRow>(new Query { Where = _condition & _sort.Behind(_after), Order = _sort.Order, Limit = PageSize + 1 });
        if (!read.Ok(out var rows, out _refusal))
        {
            return;
        }

        _more = rows.Count > PageSize;
        var shown = rows.Take(PageSize).ToList();
        var automation = await Automation.Of(Reader, [.. shown.Select(row => row.Id)]);
        _lines = [.. shown.Select(row => Line(row, automation))];
        _newest = await Reader.SelectIfAllowed<ContainerRow>(new Query { Order = [("Id", true)], Limit = 1 }) is [var newest] ? newest.Id : 0;
        (_fresh, _freshHigh) = (0, 0);
        _cursor = Math.Clamp(_cursor, 0, Math.Max(0, _lines.Count - 1));
        _stamp++;
        await Count();
    }

    /// <summary>Rows change where they are; new ones wait in the bar, so that nothing moves under the cursor.</summary>
    private async Task Changed(IReadOnlyCollection<Touch> touches)
    {
        if (_lines is null)
        {
            return;
        }

        var touched = touches.Select(touch => touch.Container).OfType<long>().ToHashSet();
        var runs = touches.Select(touch => touch.Run).OfType<long>().ToHashSet();
        var unnamed = touches.Any(touch => touch is { Container: null, Run: null });
        var again = _lines.Where(line => touched.Contains(line.Row.Id) || (line.Automation.Run is { } run && (runs.Contains(run.Id) || (unnamed && run.EndedAt is null)))).Select(line => line.Row.Id).ToList();
        if (again.Count > 0)
        {
            var rows = (await Reader.SelectIfAllowed<ContainerRow>(Query.For(Where.In("Id", again.Select(id => (object?)id))))).ToDictionary(row => row.Id);
            var automation = await Automation.Of(Reader, again);
            for (var at = 0; at < _lines.Count; at++)
            {
                if (rows.TryGetValue(_lines[at].Row.Id, out var row))
                {
                    _lines[at] = Line(row, automation);
                }
            }

            if (Cursor is { } cursor && again.Contains(cursor.Row.Id))
            {
                _stamp++;
            }
        }

        if (touches.Any(touch => touch.New && touch.Row == typeof(ContainerRow)))
        {
            var fresh = _condition & new Compare("Id", Comparison.Greater, _newest);
            _fresh = await Reader.CountIfAllowed<ContainerRow>(fresh);
            _freshHigh = _fresh == 0 ? 0 : await Reader.CountIfAllowed<ContainerRow>(fresh & Where.Is(nameof(ContainerRow.Severity), "high"));
        }

        StateHasChanged();
        if (touches.Any(touch => touch.Row == typeof(ContainerRow) || touch.Row == typeof(PromptRow)))
        {
            await Count();
            StateHasChanged();
        }
    }

    private QueueLine Line(ContainerRow row, IReadOnlyDictionary<long, Automation> automation) => new(
        row,
        row.OwnerId is { } owner ? _users.GetValueOrDefault(owner) : null,
        _statuses.FirstOrDefault(status => status.Name.Equals(row.Status, StringComparison.OrdinalIgnoreCase))?.StatusType ?? "open",
        automation.GetValueOrDefault(row.Id, Automation.None));

    private async Task Count()
    {
        async Task<Counter> One(string name, string filter, string tone) =>
            new(name, await Reader.CountIfAllowed<ContainerRow>(await new QueueQuery(Reader, People, Clock).Condition(QueueFilter.Parse(filter), _me)), filter, tone);

        var counters = new[] { await One("New", "status:new", ""), await One("Open", "status:open", ""), await One("Unassigned", Work + " owner:nobody", ""), await One("SLA overdue", Work + " is:overdue", "c-err"), await One("Wait for a person", "is:waiting", "c-hum") };
        _counters = [.. counters.Select(counter => counter.Count == 0 && counter.Tone.Length > 0 ? counter with { Tone = "" } : counter)];
        _total = await Reader.CountIfAllowed<ContainerRow>(_condition);
    }

    private async Task ShowNew()
    {
        if (_after is not null || _sort != QueueSort.Newest)
        {
            Nav.NavigateTo(Url(_filter, QueueSort.Newest, null));
            return;
        }

        _cursor = 0;
        await Reload();
    }

    private void Filter(QueueFilter filter)
    {
        // Who clicks again before the page has followed means what is left now.
        _filter = filter;
        Nav.NavigateTo(Url(filter, _sort, null));
    }

    private void Add(string filter) => Filter(QueueFilter.Parse($"{_filter} {filter}"));

    /// <summary>By the event and not by its place, which may be another by the time of the click.</summary>
    private void Point(long id) => _cursor = Math.Max(0, _lines?.FindIndex(line => line.Row.Id == id) ?? 0);

    private void Sort(QueueSort sort) => Nav.NavigateTo(Url(_filter, sort, null));

    private string Url(QueueFilter filter, QueueSort sort, string? after) =>
        $"/{(IsCases ? "cases" : "events")}?q={Uri.EscapeDataString(filter.ToString())}{(sort == QueueSort.Newest ? "" : $"&sort={sort}")}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";

    private async Task FilterKey(KeyboardEventArgs pressed)
    {
        if (pressed.Key == "Enter")
        {
            await Browser.ForgetDraft("filter");
            Filter(QueueFilter.Parse($"{new QueueFilter([.. _filter.Tokens.Where(token => token.Field.Length > 0)])} {_typed}"));
        }
        else if (pressed.Key == "Backspace" && _typed.Length == 0 && _filter.Tokens is [.., var last])
        {
            Filter(_filter.Without(last));
        }
    }

    private async Task Height(string rows)
    {
        _rows = rows;
        await Browser.Set("rows", rows);
    }

    private RenderFragment Head(string column, string name, string @class = "") => builder =>
    {
        var on = _sort.Column == column;
        builder.OpenElement(0, "th");
        builder.AddAttribute(1, "class", @class);
        builder.AddAttribute(2, "aria-sort", on ? (_sort.Descending ? "descending" : "ascending") : "none");
        builder.OpenElement(3, "button");
        builder.AddAttribute(4, "onclick", EventCallback.Factory.Create(this, () => Sort(new QueueSort(column, on ? !_sort.Descending : column is "id" or "artifacts"))));
        builder.AddContent(5, name);
        if (on)
        {
            builder.OpenComponent<Icon>(6);
            builder.AddComponentParameter(7, nameof(Icon.Name), _sort.Descending ? "chevron-down" : "chevron-up");
            builder.AddComponentParameter(8, nameof(Icon.Class), "s");
            builder.CloseComponent();
        }

        builder.CloseElement();
        builder.CloseElement();
    };

    private static string SortWords(QueueSort sort) => sort.ToString() switch
    {
        "-id" => "Newest first",
        "id" => "Oldest first",
        "sla" => "SLA, soonest first",
        "age" => "Oldest first",
        "-age" => "Youngest first",
        "-artifacts" => "Most artifacts first",
        var other => Words.Capital(other.TrimStart('-')) + (other[0] == '-' ? ", z to a" : ", a to z"),
    };

    private void Toggle(long id)
    {
        if (!_selected.Add(id))
        {
            _selected.Remove(id);
        }
    }

    private void SelectAll()
    {
        if (_selected.Count > 0 || _lines is null)
        {
            _selected.Clear();
        }
        else
        {
            _selected.UnionWith(_lines.Select(line => line.Row.Id));
        }
    }

    private async Task<bool> Pressed(string key)
    {
        if (_lines is null)
        {
            return false;
        }

        switch (key)
        {
            case "j" or "k" or "Shift+J" or "Shift+K":
                if (key.StartsWith("Shift", StringComparison.Ordinal) && Cursor is { } from)
                {
                    _anchor = _anchor < 0 ? _cursor : _anchor;
                    _selected.Add(from.Row.Id);
                }

                _cursor = Math.Clamp(_cursor + (key is "j" or "Shift+J" ? 1 : -1), 0, Math.Max(0, _lines.Count - 1));
                if (key.StartsWith("Shift", StringComparison.Ordinal) && Cursor is { } to)
                {
                    _selected.Add(to.Row.Id);
                }

                if (Cursor is { } shown)
                {
                    await Browser.Show($"event-{shown.Row.Id}");
                }

                return true;
            case "Enter" when Cursor is { } open:
                Nav.NavigateTo(Places.Event(open.Row.Id));
                return true;
            case "Space":
                _preview = !_preview;
                return true;
            case "v" when Cursor is { } at:
                Toggle(at.Row.Id);
                return true;
            case "." when _fresh > 0:
                await ShowNew();
                return true;
            case "Escape":
                _selected.Clear();
                _anchor = -1;
                return true;
            case "a" or "s" or "m" or "r" or "c" when _selected.Count > 0 || Cursor is not null:
                if (_selected.Count == 0)
                {
                    _selected.Add(Cursor!.Row.Id);
                }

                await ActByKey(key);
                return true;
            default:
                return false;
        }
    }

    private async Task ActByKey(string key)
    {
        if (key == "m")
        {
            _cases = await Reader.SelectIfAllowed<ContainerRow>(new Query { Where = Where.Is(nameof(ContainerRow.ContainerType), "case") & new Compare(nameof(ContainerRow.CloseTime), Comparison.IsNull, true), Order = [("Id", true)], Limit = 20 });
        }

        // The bar with the menus is drawn first where there was none.
        StateHasChanged();
        await Task.Yield();
        switch (key)
        {
            case "a":
                _assign?.Open();
                break;
            case "s":
                _status?.Open();
                break;
            case "m":
                _merge?.Open();
                break;
            case "r":
                _starting = true;
                break;
            default:
                _closing = true;
                break;
        }
    }

    /// <summary>Each event by itself, so that one that is refused keeps no other back.</summary>
    private async Task Change(ContainerChange change, string said)
    {
        var (done, refused) = (0, "");
        foreach (var id in _selected.ToList())
        {
            var outcome = await Acts.Do((unit, caller) => Containers.Change(unit, caller, new ContainerId(id), change));
            if (outcome.Refused)
            {
                refused = outcome.Refusal.Message;
            }
            else
            {
                done++;
            }
        }

        if (refused.Length > 0)
        {
            Toasts.Failed(done > 0 ? $"{done} {said}; the others not: {refused}" : refused);
            return;
        }

        Toasts.Done(done == 1 ? $"1 event {said}" : $"{done} events {said}");
    }

    private async Task Merge(ContainerRow into)
    {
        foreach (var id in _selected.Where(id => id != into.Id).ToList())
        {
            await Acts.Try((unit, caller) => CaseDoor.Merge(unit, caller, new MergeRequest { Case = new ContainerId(into.Id), Container = new ContainerId(id) }), $"{id} is in case {into.Id}");
        }
    }

    private void Closed(bool done)
    {
        _closing = false;
        if (done)
        {
            _selected.Clear();
        }
    }
}
