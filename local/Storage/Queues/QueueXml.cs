using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Xml;
using Azure.Core;
using Azure.Storage.Queues.Models;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Storage.Queues;

/// <summary>The queue service's XML: message bodies out, message and queue lists in, errors.</summary>
internal static class QueueXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        // The service escapes what it gives; characters that XML forbids come as references.
        CheckCharacters = false,
    };

    /// <exception cref="ArgumentException">Not base64 encoded, and a character is not legal in XML.</exception>
    public static PooledContent Message(string text)
    {
        var content = new PooledContent(text.Length + 128);
        content.Write("<QueueMessage><MessageText>"u8);
        WriteEscaped(content, text);
        content.Write("</MessageText></QueueMessage>"u8);
        return content;
    }

    public static PooledContent Message(BinaryData body)
    {
        var bytes = body.ToMemory().Span;
        var length = System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length);
        var content = new PooledContent(length + 128);
        content.Write("<QueueMessage><MessageText>"u8);
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, content.GetSpan(length), out _, out var written);
        content.Advance(written);
        content.Write("</MessageText></QueueMessage>"u8);
        return content;
    }

    /// <summary>Reads the elements of a QueueMessagesList, calling <paramref name="each"/> with the fields of every message.</summary>
    public static List<T> Messages<T>(Response response, Func<MessageFields, T> each)
    {
        var messages = new List<T>();
        using var reader = XmlReader.Create(response.Content.ToStream(), Settings);
        if (!reader.ReadToFollowing("QueueMessagesList") || !reader.ReadToDescendant("QueueMessage"))
        {
            return messages;
        }

        do
        {
            messages.Add(each(Fields(reader)));
        }
        while (reader.ReadToNextSibling("QueueMessage"));
        return messages;
    }

    /// <summary>A page of an account's queues and the marker of the next page, if there is one.</summary>
    public static (List<QueueItem> Queues, string? NextMarker) Queues(Response response)
    {
        var queues = new List<QueueItem>();
        string? marker = null;
        var document = new XmlDocument { XmlResolver = null };
        document.Load(response.Content.ToStream());
        foreach (XmlElement queue in document.GetElementsByTagName("Queue"))
        {
            Dictionary<string, string>? metadata = null;
            if (queue["Metadata"] is { } pairs)
            {
                metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                foreach (XmlNode pair in pairs.ChildNodes)
                {
                    metadata[pair.Name] = pair.InnerText;
                }
            }

            queues.Add(new QueueItem(queue["Name"]?.InnerText, metadata));
        }

        if (document.DocumentElement?["NextMarker"]?.InnerText is { Length: > 0 } next)
        {
            marker = next;
        }

        return (queues, marker);
    }

    private static MessageFields Fields(XmlReader reader)
    {
        var fields = new MessageFields();
        using var message = reader.ReadSubtree();
        message.Read();
        message.Read();
        while (!message.EOF)
        {
            if (message.NodeType != XmlNodeType.Element)
            {
                message.Read();
                continue;
            }

            var name = message.Name;
            var value = message.ReadElementContentAsString();
            switch (name)
            {
                case "MessageId": fields.MessageId = value; break;
                case "PopReceipt": fields.PopReceipt = value; break;
                case "MessageText": fields.MessageText = value; break;
                case "DequeueCount": fields.DequeueCount = long.Parse(value, CultureInfo.InvariantCulture); break;
                case "InsertionTime": fields.InsertedOn = Time(value); break;
                case "ExpirationTime": fields.ExpiresOn = Time(value); break;
                case "TimeNextVisible": fields.NextVisibleOn = Time(value); break;
            }
        }

        return fields;
    }

    public static DateTimeOffset Time(string value) => DateTimeOffset.Parse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static void WriteEscaped(PooledContent content, string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            // Everything that is plain goes in one piece.
            var plain = rest.IndexOfAnyExcept(Plain);
            var run = plain < 0 ? rest : rest[..plain];
            if (!run.IsEmpty)
            {
                var span = content.GetSpan(Encoding.UTF8.GetMaxByteCount(run.Length));
                content.Advance(Encoding.UTF8.GetBytes(run, span));
                rest = rest[run.Length..];
                continue;
            }

            if (char.IsHighSurrogate(rest[0]) && rest.Length > 1 && char.IsLowSurrogate(rest[1]))
            {
                content.Advance(Encoding.UTF8.GetBytes(rest[..2], content.GetSpan(8)));
                rest = rest[2..];
                continue;
            }

            content.Write(rest[0] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '\r' => "&#xD;"u8, // A bare one would be read back as a line feed.
                var other => throw new ArgumentException($"The character U+{(int)other:X4} is not legal in XML: use base64 encoding.", nameof(text)),
            });
            rest = rest[1..];
        }
    }

    private static readonly System.Buffers.SearchValues<char> Plain = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0xFFFE).Select(code => (char)code).Where(c => c is '\t' or '\n' || (c >= ' ' && !char.IsSurrogate(c) && c is not ('&' or '<' or '>')))]);
}

/// <summary>One element of a list of messages, as it stands; the text still encoded.</summary>
internal record struct MessageFields(
    string? MessageId, string? PopReceipt, string? MessageText, long DequeueCount, DateTimeOffset? InsertedOn, DateTimeOffset? ExpiresOn, DateTimeOffset? NextVisibleOn);

/// <summary>Reads <c>&lt;Error&gt;&lt;Code&gt;…&lt;Message&gt;…</c>.</summary>
internal sealed class ErrorXml : RequestFailedDetailsParser
{
    public static ErrorXml Parser { get; } = new();

    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        response.Headers.TryGetValue("x-ms-error-code", out var code);
        string? message = null;
        if (response.ContentStream is { Length: > 0 })
        {
            var document = new XmlDocument { XmlResolver = null };
            try
            {
                document.Load(response.Content.ToStream());
                code ??= document.DocumentElement?["Code"]?.InnerText;
                message = document.DocumentElement?["Message"]?.InnerText;
            }
            catch (XmlException)
            {
                // A proxy's page: the header, if any, says all there is.
            }
        }

        error = code is null ? null : new ResponseError(code, message);
        return error is not null;
    }
}
