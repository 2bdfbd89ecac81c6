using System.Collections.Concurrent;

namespace Vedette.Engine.Actions;

/// <summary>
/// Action runs that have just ended, for the playbook run that asked and is about to read them. What is not here any more is read from
/// the store: the same, only slower.
/// </summary>
internal sealed class EndedActions
{
    private const int Most = 256;
    private const int LongestData = 64 * 1024;

    private readonly ConcurrentDictionary<long, ActionRecord> _ended = new();

    public void Keep(ActionRecord ended)
    {
        if (ended.Results.Sum(result => (long)result.Data.Length) > LongestData)
        {
            return;
        }

        if (_ended.Count >= Most)
        {
            _ended.Clear();
        }

        _ended[ended.Run.Id] = ended;
    }

    public ActionRecord? Take(long id) => _ended.TryRemove(id, out var ended) ? ended : null;
}
