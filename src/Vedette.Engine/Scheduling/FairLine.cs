namespace Vedette.Engine.Scheduling;

/// <summary>
/// Who waits: the highest severity goes first; within a severity one of each source in turn, and of a source the oldest. Every eighth that goes is the
/// oldest of all, so that none starves. What an act costs does not grow with how many wait.
/// </summary>
internal sealed class FairLine<T>
{
    private readonly SortedDictionary<int, Class> _classes = [];
    private readonly LinkedList<Place> _byAge = [];
    private long _gone;

    public int Count => _byAge.Count;

    /// <summary>The oldest first.</summary>
    public IEnumerable<Place> ByAge => _byAge;

    public Place Add(Urgency urgency, T item)
    {
        if (!_classes.TryGetValue(urgency.Rank, out var its))
        {
            its = _classes[urgency.Rank] = new Class();
        }

        if (!its.Queues.TryGetValue(urgency.Source, out var queue))
        {
            queue = its.Queues[urgency.Source] = new LinkedList<Place>();
            its.InTurn.AddLast(queue);
        }

        var place = new Place(urgency, item);
        place.InQueue = queue.AddLast(place);
        place.InAge = _byAge.AddLast(place);
        return place;
    }

    /// <summary>Takes the next out; null where nobody waits.</summary>
    public Place? Take()
    {
        if (_byAge.First is not { } oldest)
        {
            return null;
        }

        var next = oldest.Value;
        if (++_gone % 8 != 0)
        {
            var turns = _classes.First().Value.InTurn;
            var queue = turns.First!;
            next = queue.Value.First!.Value;
            turns.RemoveFirst();
            turns.AddLast(queue);
        }

        Remove(next);
        return next;
    }

    /// <summary>Gives up a place; false where it is gone.</summary>
    public bool Remove(Place place)
    {
        if (place.InAge.List is null)
        {
            return false;
        }

        _byAge.Remove(place.InAge);
        var queue = place.InQueue.List!;
        queue.Remove(place.InQueue);
        if (queue.Count == 0)
        {
            var its = _classes[place.Urgency.Rank];
            its.Queues.Remove(place.Urgency.Source);
            its.InTurn.Remove(queue);
            if (its.Queues.Count == 0)
            {
                _classes.Remove(place.Urgency.Rank);
            }
        }

        return true;
    }

    public sealed class Place(Urgency urgency, T item)
    {
        public Urgency Urgency => urgency;

        public T Item => item;

        internal LinkedListNode<Place> InQueue { get; set; } = null!;

        internal LinkedListNode<Place> InAge { get; set; } = null!;
    }

    private sealed class Class
    {
        public Dictionary<Source, LinkedList<Place>> Queues { get; } = [];

        /// <summary>The source whose turn it is stands first.</summary>
        public LinkedList<LinkedList<Place>> InTurn { get; } = [];
    }
}
