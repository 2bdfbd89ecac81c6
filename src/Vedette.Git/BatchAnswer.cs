using System.Globalization;
using System.Text;
using Vedette.Engine.Repositories;

namespace Vedette.Git;

/// <summary>What <c>git cat-file --batch</c> answers: for each object a line <c>HASH KIND LENGTH</c>, its content, and a line end.</summary>
internal static class BatchAnswer
{
    public static IReadOnlyDictionary<string, byte[]> Read(ReadOnlySpan<byte> answer)
    {
        var contents = new Dictionary<string, byte[]>();
        while (!answer.IsEmpty)
        {
            var end = answer.IndexOf((byte)'\n');
            var parts = Encoding.ASCII.GetString(answer[..end]).Split(' ');
            if (parts is not [var hash, "blob", var size] || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            {
                throw new GitException($"A content is not there: {string.Join(' ', parts)}.");
            }

            contents[hash] = answer.Slice(end + 1, length).ToArray();
            answer = answer[(end + 1 + length + 1)..];
        }

        return contents;
    }
}
