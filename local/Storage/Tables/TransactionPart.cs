using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure.Core;
using Azure.Data.Tables.Json;

namespace Azure.Data.Tables;

/// <summary>One action's response inside a transaction's. A view over the transaction's bytes: strings are made when asked for.</summary>
internal sealed class TransactionPart(int status, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body) : Response
{
    public override int Status => status;

    public override string ReasonPhrase => status switch
    {
        204 => "No Content",
        201 => "Created",
        _ => ((System.Net.HttpStatusCode)status).ToString(),
    };

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    /// <summary>The responses in order. A refused transaction has one, the refusal.</summary>
    public static List<TransactionPart> ReadAll(ReadOnlyMemory<byte> multipart)
    {
        var bytes = multipart.Span;
        // Always at the start of a line; in a quoted JSON string a line end is escaped, so nothing else looks like it.
        var start = "\nHTTP/1.1 "u8;
        var parts = new List<TransactionPart>(bytes.Count(start));
        var position = 0;
        while (bytes[position..].IndexOf(start) is var found and >= 0)
        {
            position += found + start.Length;
            var rest = bytes[position..];
            // What is not a number stays 0, which is no success.
            _ = Utf8Parser.TryParse(rest[..Math.Min(3, rest.Length)], out int status, out _);
            var headLength = Length(rest, "\r\n\r\n"u8);
            var head = multipart.Slice(position, headLength);
            position += Math.Min(headLength + 4, rest.Length);
            var bodyLength = Length(bytes[position..], "--changesetresponse"u8);
            parts.Add(new TransactionPart(status, head, multipart.Slice(position, bodyLength)));
            position += bodyLength;
        }

        return parts;
    }

    public TableTransactionFailedException Failure()
    {
        var json = body.Span;
        var end = json.LastIndexOf((byte)'}');
        var error = end < 0 ? null : ErrorJson.Read(json[..(end + 1)]);
        return new TableTransactionFailedException(
            status, $"{error?.Message ?? "The transaction was refused."}\nStatus: {status} ({ReasonPhrase})\nErrorCode: {error?.Code}", error?.Code);
    }

    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders()
    {
        foreach (var line in Encoding.UTF8.GetString(head.Span).Split("\r\n").Skip(1))
        {
            if (line.IndexOf(':') is var colon and > 0)
            {
                yield return new HttpHeader(line[..colon], line[(colon + 1)..].Trim());
            }
        }
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        var lines = head.Span;
        while (true)
        {
            var lineEnd = lines.IndexOf("\r\n"u8);
            var line = lineEnd < 0 ? lines : lines[..lineEnd];
            if (line.Length > name.Length && line[name.Length] == (byte)':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                value = Encoding.UTF8.GetString(line[(name.Length + 1)..].Trim((byte)' '));
                return true;
            }

            if (lineEnd < 0)
            {
                value = null;
                return false;
            }

            lines = lines[(lineEnd + 2)..];
        }
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    private static int Length(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> end) => bytes.IndexOf(end) is var index and >= 0 ? index : bytes.Length;
}
