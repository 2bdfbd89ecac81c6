using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace Vedette.Lab.Splunk;

/// <summary>The messages of a job: a list in JSON, text in XML.</summary>
internal sealed record Told(string? Text)
{
    public override string ToString() => Text ?? "";
}

/// <summary>Splunk's two tongues: Atom XML unless the request asks for JSON, in the query or in the form.</summary>
internal static class SplunkAnswer
{
    private const string Dict = "http://dev.splunk.com/ns/rest";
    private const string Atom = "http://www.w3.org/2005/Atom";

    internal static Task Message(HttpContext context, bool json, int status, string type, string text, string? code = null) => json
        ? Wire.Json(context, status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("messages");
            writer.WriteStartObject();
            writer.WriteString("type", type);
            if (code is not null)
            {
                writer.WriteString("code", code);
            }

            writer.WriteString("text", text);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        })
        : Xml(context, status, writer =>
        {
            writer.WriteStartElement("response");
            writer.WriteStartElement("messages");
            writer.WriteStartElement("msg");
            writer.WriteAttributeString("type", type);
            if (code is not null)
            {
                writer.WriteAttributeString("code", code);
            }

            writer.WriteString(text);
        });

    /// <summary>A flat answer such as <c>{"sid": ".."}</c>.</summary>
    internal static Task Flat(HttpContext context, bool json, int status, params (string Name, string Value)[] values) => json
        ? Wire.Json(context, status, writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in values)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        })
        : Xml(context, status, writer =>
        {
            writer.WriteStartElement("response");
            foreach (var (name, value) in values)
            {
                writer.WriteElementString(name, value);
            }
        });

    /// <summary>A feed of entries. Values are strings, booleans or numbers: native in JSON, text with 1 and 0 in XML.</summary>
    internal static Task Feed(
        HttpContext context, bool json, string title, params (string Name, (string Name, object Value)[] Content)[] entries) => json
        ? Wire.Json(context, 200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("generator");
            writer.WriteString("build", "9f8e7d6c5b4a");
            writer.WriteString("version", SplunkStandIn.Version);
            writer.WriteEndObject();
            writer.WriteStartArray("entry");
            foreach (var (name, content) in entries)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteStartObject("content");
                foreach (var (key, value) in content)
                {
                    writer.WritePropertyName(key);
                    Native(writer, value);
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("messages");
            writer.WriteEndArray();
            writer.WriteEndObject();
        })
        : Xml(context, 200, writer =>
        {
            // One job is an entry by itself, everything else a feed: splunklib reads them so.
            if (title == "job")
            {
                Entry(writer, entries[0]);
                return;
            }

            writer.WriteStartElement("feed", Atom);
            writer.WriteElementString("title", Atom, title);
            writer.WriteStartElement("generator", Atom);
            writer.WriteAttributeString("version", SplunkStandIn.Version);
            writer.WriteEndElement();
            foreach (var entry in entries)
            {
                Entry(writer, entry);
            }
        });

    internal static Task Results(HttpContext context, bool json, IReadOnlyList<SplunkRow> rows, int offset, string? fault)
    {
        var fields = rows.SelectMany(row => row.Fields).Select(field => field.Key).Distinct().ToList();
        return json ? Wire.Json(context, 200, writer => ResultsJson(writer, rows, fields, offset, fault))
            : Xml(context, 200, writer => ResultsXml(writer, rows, fields, offset));
    }

    internal static Task Xml(HttpContext context, int status, Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false }))
        {
            write(xml);
        }

        return Wire.Bytes(context, status, "text/xml; charset=UTF-8", buffer.ToArray());
    }

    private static void ResultsJson(Utf8JsonWriter writer, IReadOnlyList<SplunkRow> rows, List<string> fields, int offset, string? fault)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("preview", false);
        writer.WriteNumber("init_offset", offset);
        writer.WriteStartArray("messages");
        if (fault is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "FATAL");
            writer.WriteString("text", fault);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("fields");
        foreach (var field in fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", field);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("results");
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            foreach (var (name, values) in row.Fields)
            {
                if (values is [var only])
                {
                    writer.WriteString(name, only);
                }
                else
                {
                    writer.Property(name, values);
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("highlighted");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void ResultsXml(XmlWriter writer, IReadOnlyList<SplunkRow> rows, List<string> fields, int offset)
    {
        writer.WriteStartElement("results");
        writer.WriteAttributeString("preview", "0");
        writer.WriteStartElement("meta");
        writer.WriteStartElement("fieldOrder");
        foreach (var field in fields)
        {
            writer.WriteElementString("field", field);
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
        foreach (var row in rows)
        {
            writer.WriteStartElement("result");
            writer.WriteAttributeString("offset", (offset++).ToString(CultureInfo.InvariantCulture));
            foreach (var (name, values) in row.Fields)
            {
                writer.WriteStartElement("field");
                writer.WriteAttributeString("k", name);
                foreach (var value in values)
                {
                    writer.WriteStartElement(name == "_raw" ? "v" : "value");
                    if (name == "_raw")
                    {
                        writer.WriteString(value);
                    }
                    else
                    {
                        writer.WriteElementString("text", value);
                    }

                    writer.WriteEndElement();
                }

                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }
    }

    private static void Entry(XmlWriter writer, (string Name, (string Name, object Value)[] Content) entry)
    {
        writer.WriteStartElement("entry", Atom);
        writer.WriteElementString("title", Atom, entry.Name);
        writer.WriteStartElement("content", Atom);
        writer.WriteAttributeString("type", "text/xml");
        writer.WriteStartElement("s", "dict", Dict);
        foreach (var (key, value) in entry.Content)
        {
            writer.WriteStartElement("s", "key", Dict);
            writer.WriteAttributeString("name", key);
            writer.WriteString(value switch
            {
                bool yes => yes ? "1" : "0",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString(),
            });
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void Native(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case bool yes:
                writer.WriteBooleanValue(yes);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case Told told:
                writer.WriteStartArray();
                if (told.Text is not null)
                {
                    writer.WriteStartObject();
                    writer.WriteString("type", "FATAL");
                    writer.WriteString("text", told.Text);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
