using System.Globalization;
using System.Security.Cryptography;

namespace Vedette.Lab.ServiceNow;

/// <summary>All incidents, in the order they were made.</summary>
internal sealed class IncidentStore(TimeProvider clock)
{
    private const int FirstNumber = 10001;
    private const string GuestId = "6816f79cc0a8016401c5a33be04be441";

    private readonly List<Incident> _all = [];
    private readonly Dictionary<string, Incident> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Incident> _byNumber = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<Incident>> _byCorrelation = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly Lock _gate = new();
    private int _made;

    /// <summary>Makes a record, or gives null when its sys_id is taken.</summary>
    internal Incident? Create(IReadOnlyDictionary<string, string> written, bool honourSysId)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var sysId = honourSysId && written.TryGetValue("sys_id", out var given) && IsSysId(given) ? given : NewId();
            if (_byId.ContainsKey(sysId))
            {
                return null;
            }

            var number = "INC" + (FirstNumber + _made++).ToString("D7", CultureInfo.InvariantCulture);
            var incident = new Incident(sysId, number, now);
            var fields = incident.Fields;
            foreach (var (name, value) in IncidentFields.Defaults)
            {
                fields[name] = value;
            }

            fields["sys_id"] = sysId;
            fields["number"] = number;
            fields["sys_class_name"] = "incident";
            fields["opened_at"] = fields["sys_created_on"] = Stamp(now);
            fields["sys_created_by"] = LabCredentials.ServiceNowUser;
            fields["opened_by"] = GuestId;
            Apply(incident, written, now);
            fields["sys_mod_count"] = "0";
            _all.Add(incident);
            _byId.Add(sysId, incident);
            _byNumber.Add(number, incident);
            Correlate(incident);
            Announce();
            return incident;
        }
    }

    internal Incident? Update(string sysId, IReadOnlyDictionary<string, string> written)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(sysId, out var incident))
            {
                return null;
            }

            Uncorrelate(incident);
            Apply(incident, written, clock.GetUtcNow());
            Correlate(incident);
            var changes = int.Parse(incident["sys_mod_count"], CultureInfo.InvariantCulture) + 1;
            incident.Fields["sys_mod_count"] = changes.ToString(CultureInfo.InvariantCulture);
            return incident;
        }
    }

    internal bool Delete(string sysId)
    {
        lock (_gate)
        {
            if (!_byId.Remove(sysId, out var incident))
            {
                return false;
            }

            _byNumber.Remove(incident.Number);
            Uncorrelate(incident);
            return _all.Remove(incident);
        }
    }

    /// <summary>Looks at the records under the lock; what is needed of them must be taken out before it returns.</summary>
    /// <param name="hideNewest">Plays a read replica that lags behind.</param>
    internal T Read<T>(bool hideNewest, Func<IReadOnlyList<Incident>, T> look)
    {
        lock (_gate)
        {
            return look(hideNewest && _all.Count > 0 ? _all.GetRange(0, _all.Count - 1) : _all);
        }
    }

    /// <summary>
    /// Looks at the records a query can match at all. A platform looks its tickets up by number or correlation id, once per
    /// alert: walking all records each time would make the lab the slow part of a benchmark.
    /// </summary>
    internal T Read<T>(EncodedQuery query, bool hideNewest, Func<IReadOnlyList<Incident>, T> look)
    {
        lock (_gate)
        {
            IReadOnlyList<Incident>? few = null;
            if (query.Exactly("number") is { } number)
            {
                few = _byNumber.TryGetValue(number, out var one) ? [one] : [];
            }
            else if (query.Exactly("correlation_id") is { Length: > 0 } correlation)
            {
                few = _byCorrelation.GetValueOrDefault(correlation, []);
            }

            return few is null ? Read(hideNewest, look)
                : look(hideNewest ? [.. few.Where(each => !ReferenceEquals(each, _all[^1]))] : few);
        }
    }

    internal T ReadOne<T>(string sysId, bool hideNewest, Func<Incident?, T> look)
    {
        lock (_gate)
        {
            var found = _byId.GetValueOrDefault(sysId);
            return look(hideNewest && found is not null && ReferenceEquals(found, _all[^1]) ? null : found);
        }
    }

    /// <summary>Ends when so many records have been made.</summary>
    internal Task Reached(int count)
    {
        lock (_gate)
        {
            if (_all.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task;
        }
    }

    internal void Reset()
    {
        lock (_gate)
        {
            _all.Clear();
            _byId.Clear();
            _byNumber.Clear();
            _byCorrelation.Clear();
            _made = 0;
        }
    }

    internal static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    internal static bool IsSysId(string value) => value.Length == 32 && value.All(char.IsAsciiHexDigitLower);

    private static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static void Apply(Incident incident, IReadOnlyDictionary<string, string> written, DateTimeOffset now)
    {
        var fields = incident.Fields;
        foreach (var (name, value) in written)
        {
            if (IncidentFields.Journals.Contains(name))
            {
                if (value.Length > 0)
                {
                    incident.Journal.Add(new(NewId(), name, incident.SysId, value, LabCredentials.ServiceNowUser, now));
                }
            }
            else if (IncidentFields.MayBeWritten(name))
            {
                fields[name] = value;
            }
        }

        if (written.ContainsKey("state"))
        {
            fields["incident_state"] = fields["state"];
        }

        fields["active"] = fields["state"] is "7" or "8" ? "false" : "true";
        fields["priority"] = IncidentFields.Priority(fields["impact"], fields["urgency"]);
        fields["sys_updated_on"] = Stamp(now);
        fields["sys_updated_by"] = LabCredentials.ServiceNowUser;
    }

    private void Correlate(Incident incident)
    {
        if (incident["correlation_id"] is { Length: > 0 } correlation)
        {
            if (!_byCorrelation.TryGetValue(correlation, out var same))
            {
                _byCorrelation.Add(correlation, same = []);
            }

            same.Add(incident);
        }
    }

    private void Uncorrelate(Incident incident)
    {
        if (_byCorrelation.TryGetValue(incident["correlation_id"], out var same))
        {
            same.Remove(incident);
        }
    }

    private void Announce()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_all.Count >= _waiting[i].Count)
            {
                _waiting[i].Reached.SetResult();
                _waiting.RemoveAt(i);
            }
        }
    }
}
