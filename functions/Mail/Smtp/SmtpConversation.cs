using System.Text;
using MailKit;

namespace LeadFunctions.Mail.Smtp;

/// <summary>What a mail server answered.</summary>
/// <param name="Text">Without the code; lines are joined by blanks.</param>
internal sealed record SmtpReply(int Code, string Text);

/// <summary>
/// What was said over a connection about the message in hand, as it went over the wire. An exception of the library tells that something failed; whether the server may have the message depends
/// on what it had been told, and had answered, by then.
/// </summary>
internal sealed class SmtpConversation : IProtocolLogger
{
    private const int LineLimit = 2_000;

    private readonly Queue<string> _asked = new();
    private readonly StringBuilder _line = new();
    private readonly StringBuilder _reply = new();
    private bool _isContent;

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <summary>To MAIL FROM.</summary>
    public SmtpReply? Mail { get; private set; }

    /// <summary>To RCPT TO.</summary>
    public SmtpReply? Recipient { get; private set; }

    /// <summary>To DATA.</summary>
    public SmtpReply? Data { get; private set; }

    /// <summary>To the message itself.</summary>
    public SmtpReply? Content { get; private set; }

    /// <summary>All of the message may have arrived.</summary>
    public bool IsHandedOver { get; private set; }

    /// <summary>The server said that it closes the connection, at whatever point.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Another message.</summary>
    public void Begin()
    {
        (Mail, Recipient, Data, Content, IsHandedOver, _isContent) = (null, null, null, null, false, false);
        _asked.Clear();
        _line.Clear();
        _reply.Clear();
    }

    /// <summary>The last of the message goes out.</summary>
    public void HandOver() => IsHandedOver |= _isContent;

    public void LogConnect(Uri uri)
    {
    }

    public void LogClient(byte[] buffer, int offset, int count)
    {
        if (_isContent || Content is not null)
        {
            return;
        }

        foreach (var line in Encoding.UTF8.GetString(buffer, offset, count).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            _asked.Enqueue(line.Split(' ')[0].ToUpperInvariant());
        }
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        foreach (var c in Encoding.UTF8.GetString(buffer, offset, count))
        {
            if (c == '\n')
            {
                Hear(_line.ToString().TrimEnd('\r'));
                _line.Clear();
            }
            else if (_line.Length < LineLimit)
            {
                _line.Append(c);
            }
        }
    }

    public void Dispose()
    {
    }

    private void Hear(string line)
    {
        if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code))
        {
            return; // the library will complain
        }

        if (_reply.Length < LineLimit)
        {
            _reply.Append(_reply.Length > 0 ? " " : "").Append(line.Length > 4 ? line[4..].Trim() : "");
        }

        if (line is [_, _, _, '-', ..])
        {
            return;
        }

        Hear(new SmtpReply(code, HeaderText.Plain(_reply.ToString())));
        _reply.Clear();
    }

    private void Hear(SmtpReply reply)
    {
        IsEnding |= reply.Code == 421;
        if (_isContent || Content is not null)
        {
            // Before the message is over only a refusal says anything; after its answer nothing does.
            Content ??= IsHandedOver || reply.Code >= 400 ? reply : null;
            return;
        }

        _asked.TryDequeue(out var asked);
        switch (asked)
        {
            case "MAIL":
                Mail = reply;
                break;
            case "RCPT":
                Recipient = reply;
                break;
            case "DATA":
                Data = reply;
                _isContent = reply.Code == 354;
                break;
            default:
                // A server that closes says so before it is asked.
                Mail ??= reply is { Code: 421 } ? reply : null;
                break;
        }
    }
}
