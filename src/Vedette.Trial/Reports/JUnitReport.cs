using System.Globalization;
using System.Xml.Linq;

namespace Vedette.Trial.Reports;

/// <summary>The report in the form that CI systems read.</summary>
public static class JUnitReport
{
    public static string Write(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var suites = report.Playbooks.Select(playbook => new XElement(
            "testsuite",
            new XAttribute("name", playbook.Path),
            new XAttribute("tests", playbook.Cases.Count),
            new XAttribute("failures", playbook.Cases.Count(one => one.Status == CaseStatus.Failed)),
            new XAttribute("errors", playbook.Cases.Count(one => one.Status == CaseStatus.Error)),
            new XAttribute("time", Seconds(playbook.Cases.Sum(one => one.Milliseconds))),
            playbook.Cases.Select(one => Case(playbook, one))));
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement("testsuites", suites)) is var document ? $"{document.Declaration}\n{document}\n" : "";
    }

    private static XElement Case(PlaybookReport playbook, CaseReport one) => new(
        "testcase",
        new XAttribute("classname", System.IO.Path.GetFileNameWithoutExtension(playbook.Path)),
        new XAttribute("name", one.Name),
        new XAttribute("time", Seconds(one.Milliseconds)),
        one.Status == CaseStatus.Failed ? new XElement("failure", new XAttribute("message", Legal(one.Failures[0])), Legal(string.Join('\n', one.Failures))) : null,
        one.Status == CaseStatus.Error ? new XElement("error", new XAttribute("type", one.Errors[0].Kind.ToString().ToLowerInvariant()), new XAttribute("message", Legal(one.Errors[0].Message)), Legal(string.Join('\n', one.Errors.Select(error => $"{playbook.Path}:{error.Line}: {error.Message}")))) : null,
        one.Log.Count > 0 ? new XElement("system-out", Legal(string.Join('\n', one.Log))) : null);

    private static string Seconds(double milliseconds) => (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML has no way to write most control characters.</summary>
    private static string Legal(string text) => new([.. text.Where(c => System.Xml.XmlConvert.IsXmlChar(c))]);
}
