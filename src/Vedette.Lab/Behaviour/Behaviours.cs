namespace Vedette.Lab.Behaviour;

/// <summary>How each system behaves now. Reading is one array access, for the benchmarks.</summary>
internal sealed class Behaviours(int seed)
{
    private readonly SystemBehaviour[] _current = Enumerable.Repeat(SystemBehaviour.Good, LabSystems.Count).ToArray();
    private readonly int[] _left = new int[LabSystems.Count];
    private readonly Random _dice = new(seed);
    private readonly Lock _gate = new();

    internal void Set(LabSystem system, SystemBehaviour behaviour)
    {
        lock (_gate)
        {
            _left[(int)system] = behaviour.Times ?? int.MaxValue;
            _current[(int)system] = behaviour;
        }
    }

    internal void Reset()
    {
        foreach (var system in LabSystems.All)
        {
            Set(system, SystemBehaviour.Good);
        }
    }

    internal SystemBehaviour Of(LabSystem system) => Volatile.Read(ref _current[(int)system]);

    /// <summary>Throws the dice for one call.</summary>
    internal Mishap Next(LabSystem system, bool write)
    {
        var behaviour = Of(system);
        if (behaviour.Mishap is Mishap.None || behaviour.On is CallKind.Reads && write || behaviour.On is CallKind.Writes && !write)
        {
            return Mishap.None;
        }

        lock (_gate)
        {
            if (_left[(int)system] <= 0 || behaviour.Rate < 1 && _dice.NextDouble() >= behaviour.Rate)
            {
                return Mishap.None;
            }

            if (behaviour.Times is not null)
            {
                _left[(int)system]--;
            }

            return behaviour.Mishap;
        }
    }
}
