using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Vedette.Server.Hosting;

/// <summary>
/// What <c>/metrics</c> says, in the text format of Prometheus (0.0.4): what was counted since the start, and gauges as they are at the moment.
/// Ours, because the exporter of OpenTelemetry exists as a pre-release only.
/// </summary>
internal sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _numbers = new();
    private readonly MeterListener _listener = new();

    /// <param name="meters">Who made the gauges of this server: those of another in this process are its own.</param>
    public MetricsPage(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var meter = instrument.Meter;
            if (meter.Name is Telemetry.Name or "System.Runtime" || (meter.Name == HealthNumbers.MeterName && ReferenceEquals(meter.Scope, meters)))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var page = new StringBuilder();
        foreach (var (instrument, series) in _numbers.OrderBy(one => one.Key.Name, StringComparer.Ordinal))
        {
            var (name, kind) = (NameOf(instrument), KindOf(instrument));
            page.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description?.ReplaceLineEndings(" ")}\n# TYPE {name} {kind}\n");
            foreach (var (labels, one) in series.OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                one.Write(page, name, labels);
            }
        }

        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _numbers.GetOrAdd(instrument, _ => new()).GetOrAdd(Labels(tags), _ => KindOf(instrument) == "histogram" ? new Spread() : new Single());
        series.Take(value, instrument.IsObservable);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Append(labels.Length == 0 ? "" : ",").Append(Word(key)).Append("=\"")
                .Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        return labels.ToString();
    }

    private static string NameOf(Instrument instrument)
    {
        var name = Word(instrument.Name) + instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return KindOf(instrument) == "counter" ? $"{name}_total" : name;
    }

    private static string KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Histogram<>) ? "histogram" : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? "counter" : "gauge";
    }

    private static string Word(string name) => string.Concat(name.Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '_'));

    private abstract class Series
    {
        private readonly Lock _lock = new();

        /// <param name="whole">The value is the number itself, not what comes to it.</param>
        public void Take(double value, bool whole)
        {
            lock (_lock)
            {
                Add(value, whole);
            }
        }

        public void Write(StringBuilder page, string name, string labels)
        {
            lock (_lock)
            {
                Lines(page, name, labels);
            }
        }

        protected abstract void Add(double value, bool whole);

        protected abstract void Lines(StringBuilder page, string name, string labels);

        protected static void Line(StringBuilder page, string name, string labels, double value) =>
            page.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(CultureInfo.InvariantCulture, $" {value:R}\n");
    }

    private sealed class Single : Series
    {
        private double _value;

        protected override void Add(double value, bool whole) => _value = whole ? value : _value + value;

        protected override void Lines(StringBuilder page, string name, string labels) => Line(page, name, labels, _value);
    }

    /// <summary>How often a value was at most so much.</summary>
    private sealed class Spread : Series
    {
        private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

        private readonly long[] _upTo = new long[Bounds.Length];
        private double _sum;
        private long _count;

        protected override void Add(double value, bool whole)
        {
            (_sum, _count) = (_sum + value, _count + 1);
            for (var i = Bounds.Length - 1; i >= 0 && value <= Bounds[i]; i--)
            {
                _upTo[i]++;
            }
        }

        protected override void Lines(StringBuilder page, string name, string labels)
        {
            var before = labels.Length == 0 ? "" : $"{labels},";
            for (var i = 0; i < Bounds.Length; i++)
            {
                Line(page, $"{name}_bucket", string.Create(CultureInfo.InvariantCulture, $"{before}le=\"{Bounds[i]:R}\""), _upTo[i]);
            }

            Line(page, $"{name}_bucket", $"{before}le=\"+Inf\"", _count);
            Line(page, $"{name}_sum", labels, _sum);
            Line(page, $"{name}_count", labels, _count);
        }
    }
}
