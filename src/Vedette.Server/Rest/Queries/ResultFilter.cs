using System.Text.RegularExpressions;

namespace Vedette.Server.Rest.Queries;

/// <summary>A filter on the text of <c>result_data</c>, which is made from several rows.</summary>
internal sealed class ResultFilter(Regex pattern, bool wanted)
{
    /// <summary>App runs whose results are read for one request.</summary>
    public const int Most = 5_000;

    private const string Field = "result_data";

    public static bool Is(string parameter) => parameter.Split("__")[0] is $"_filter_{Field}" or $"_exclude_{Field}";

    public static ResultFilter Read(string parameter, string literal)
    {
        var text = Coerce.Text(Literals.Read(literal));
        var (pattern, ignoreCase) = parameter.Split("__") switch
        {
            [_, "regex"] => (text, false),
            [_, "iregex"] => (text, true),
            [_, "contains"] => (Regex.Escape(text), false),
            [_, "icontains"] => (Regex.Escape(text), true),
            _ => throw new BadQueryException($"{Field} is filtered with __regex, __iregex, __contains or __icontains."),
        };
        try
        {
            return new ResultFilter(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)), parameter.StartsWith("_filter", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new BadQueryException($"The regular expression cannot be used: {exception.Message}", exception);
        }
    }

    public bool Fits(string text) => pattern.IsMatch(text) == wanted;
}
