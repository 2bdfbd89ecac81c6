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
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly Lock _gate = new();

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

            var number = "INC" + (FirstNumber + _all.Count).ToString("D7", CultureInfo.InvariantCulture);
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

            Apply(incident, written, clock.GetUtcNow());
            var changes = int.Parse(incident["sys_mod_count"], CultureInfo.InvariantCulture) + 1;
            incident.Fields["sys_mod_count"] = changes.ToString(CultureInfo.InvariantCulture);
            return incident;
        }
    }

    internal bool Delete(string sysId)
    {
        lock (_gate)
        {
            return _byId.Remove(sysId, out var incident) && _all.Remove(incident);
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
