using System.Collections.Concurrent;
using MimeKit;

namespace LeadFunctions.Mail.Smtp;

/// <summary>Hands mail to a server by SMTP, over connections that are kept.</summary>
internal sealed class SmtpMail(MailServer server, DkimSignature? signature) : IMailProvider, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentStack<SmtpConnection> _idle = new();
    private readonly SemaphoreSlim _turns = new(server.Connections);

    public string Name => MailOptions.Smtp;

    /// <summary>A server takes the same message as often as it is given it.</summary>
    public bool IsIdempotent => false;

    /// <summary>Over a kept connection that turns out to be closed, then to open another, then over that.</summary>
    public TimeSpan Longest => 3 * server.Patience * SmtpConnection.Waits;

    public async Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var (message, refusal) = Composition.Of(mail);
        if (message is null)
        {
            return refusal!; // one of the two is always set
        }

        using (message)
        {
            var format = Composition.Format(message);
            signature?.Sign(format, message);
            await _turns.WaitAsync(cancellationToken);
            try
            {
                return await SendAsync(message, format);
            }
            finally
            {
                _turns.Release();
            }
        }
    }

    /// <summary>A kept connection that the server has closed meanwhile is no answer to this message: it goes over a new one.</summary>
    private async Task<MailOutcome> SendAsync(MimeMessage message, FormatOptions format)
    {
        if (await FindKeptAsync() is { } kept)
        {
            var outcome = await SendAsync(kept, message, format);
            if (!kept.WasClosed)
            {
                return outcome;
            }
        }

        SmtpConnection fresh;
        using var patience = new CancellationTokenSource(server.Patience * SmtpConnection.Waits);
        try
        {
            fresh = await SmtpConnection.OpenAsync(server, patience.Token);
        }
        catch (Exception trouble) when (Trouble.Is(trouble))
        {
            return new MailOutcome.Deferred(Trouble.Describe(trouble));
        }

        return await SendAsync(fresh, message, format);
    }

    private async Task<MailOutcome> SendAsync(SmtpConnection connection, MimeMessage message, FormatOptions format)
    {
        var outcome = await connection.SendAsync(message, format);
        if (connection.IsUsable)
        {
            _idle.Push(connection);
        }
        else
        {
            await connection.DisposeAsync();
        }

        return outcome;
    }

    private async Task<SmtpConnection?> FindKeptAsync()
    {
        while (_idle.TryPop(out var connection))
        {
            if (connection.IsUsable)
            {
                return connection;
            }

            await connection.DisposeAsync();
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryPop(out var connection))
        {
            await connection.DisposeAsync();
        }

        _turns.Dispose();
    }

    // A host that is asked to stop at once says no farewell.
    public void Dispose() => _turns.Dispose();
}
