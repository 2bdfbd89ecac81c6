using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>
/// Puts JSON together out of pieces of JSON, byte by byte as they came: nothing is unescaped, so nothing can be lost or refused.
/// </summary>
internal sealed class JsonText
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public void Raw(string text) => Encoding.UTF8.GetBytes(text, _bytes);

    public void Value(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
            Raw("null");
        else
            _bytes.Write(JsonMarshal.GetRawUtf8Value(value));
    }

    public void Name(JsonProperty property)
    {
        Raw("\"");
        _bytes.Write(JsonMarshal.GetRawUtf8PropertyName(property));
        Raw("\":");
    }

    public void Join<T>(IEnumerable<T> items, Action<T, JsonText> write)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                Raw(",");
            first = false;
            write(item, this);
        }
    }

    public JsonElement ToElement() => JsonValues.Parse(_bytes.WrittenSpan);

    public override string ToString() => Encoding.UTF8.GetString(_bytes.WrittenSpan);
}
