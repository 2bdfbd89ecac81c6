using System.Globalization;

namespace Vedette.Lab.Splunk;

/// <summary>Time words of a search: <c>now</c>, <c>-24h@h</c>, epoch seconds, ISO 8601.</summary>
internal static class SplunkTime
{
    internal static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        if (text is "now" or "now()" or "rt" or "rtnow")
        {
            return now;
        }

        if (text is "" or "0" or "all")
        {
            return DateTimeOffset.UnixEpoch;
        }

        if (text[0] is '-' or '+' && Relative(text, now) is { } relative)
        {
            return relative;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var epoch) && epoch < 1e11)
        {
            return DateTimeOffset.UnixEpoch.AddSeconds(epoch);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
    }

    /// <summary>The snap behind @ is dropped: it moves the edge by less than the unit, which no event here depends on.</summary>
    private static DateTimeOffset? Relative(string text, DateTimeOffset now)
    {
        var span = text.Split('@')[0];
        var digits = span.Skip(1).TakeWhile(char.IsAsciiDigit).Count();
        if (digits > 6)
        {
            return null;
        }

        var amount = digits == 0 ? 1 : int.Parse(span.AsSpan(1, digits), CultureInfo.InvariantCulture);
        var seconds = span[(1 + digits)..] switch
        {
            "s" or "sec" or "secs" or "second" or "seconds" => 1,
            "m" or "min" or "mins" or "minute" or "minutes" => 60,
            "h" or "hr" or "hrs" or "hour" or "hours" => 3600,
            "d" or "day" or "days" => 86400,
            "w" or "week" or "weeks" => 7 * 86400,
            "mon" or "month" or "months" => 30 * 86400,
            _ => 0,
        };
        return seconds == 0 ? null : now.AddSeconds((text[0] == '-' ? -1L : 1L) * amount * seconds);
    }
}
