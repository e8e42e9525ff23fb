using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Imports;

/// <summary>
/// Reads files piece by piece. What was read stands in the import's row and changes with one write after each piece: whoever is killed before it reads the piece once more, with the same ids for the same rows.
/// </summary>
public sealed class ImportWork(
    ImportsTable table, ImportFiles files, EventWriter events, LeadReader leads, RulesInEffect rules, Suppressions suppressions, StorageClients storage, TimeProvider time, ILogger<ImportWork> logger)
{
    /// <summary>Messages that wait for the lead pipeline: while there are more, files wait, so that what happens now is not applied behind them.</summary>
    private const int MostWaiting = 30;

    private const int EventsAtOnce = 1_000;

    /// <summary>Rows of a check whose people are looked up: a read each.</summary>
    private const int MostLooked = 20_000;

    private const int HashedAtOnce = 4 * 1024 * 1024;
    private const int ReadAhead = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Goes on for some seconds. True when there is nothing left to do.</summary>
    internal async Task<bool> AdvanceAsync(string id, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var isErased = await suppressions.ErasedAsync(cancellationToken); // who is erased within these seconds is found so when the events are applied
        do
        {
            if (await table.FindAsync(id, cancellationToken) is not { State.IsUnderWay: true } stored)
            {
                return await ForgetAsync(id, cancellationToken);
            }

            var isFlooded = stored.State.Status == ImportStatus.Running && (await storage.Queue(Queues.LeadEvents).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount > MostWaiting;
            if (isFlooded || !await TryReadAsync(stored, isErased, cancellationToken))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
        while (time.GetElapsedTime(began) < Patience);

        return false;
    }

    /// <summary>Deletes what an import holds that was cancelled.</summary>
    private async Task<bool> ForgetAsync(string id, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is { State.Status: ImportStatus.Cancelled })
        {
            await files.DeleteAsync(id, cancellationToken);
        }

        return true;
    }

    /// <summary>False when the events found no room just now.</summary>
    private async Task<bool> TryReadAsync(StoredImport stored, Func<string, bool> isErased, CancellationToken cancellationToken)
    {
        try
        {
            var (import, now) = (stored.State, stored.State.Now!); // one under way has a check or run
            var next = now.Key is null ? await HashAsync(import, cancellationToken) : await ReadAsync(import, isErased, cancellationToken);
            next = next with { Now = next.Now! with { SavedAt = TimeProvider.System.GetUtcNow() } }; // as above
            if (await table.TrySaveAsync(stored, next, cancellationToken) && !next.IsUnderWay)
            {
                logger.ImportEnded(next.Id, next.Status, next.Now.Rows, next.Now.Refused, next.Now.Events);
            }

            return true;
        }
        catch (EventsNotStoredException)
        {
            return false;
        }
    }

    /// <summary>Looks through the next bytes before any row is read: whether it is text, and whether it was imported before.</summary>
    private async Task<ImportState> HashAsync(ImportState import, CancellationToken cancellationToken)
    {
        var (file, now) = (import.File!, import.Now!); // who starts it has seen the file
        if (await files.ReadAsync(import.Id, now.Hashed, HashedAtOnce, cancellationToken) is not { } bytes)
        {
            return Failed(import, "The file is gone.");
        }

        var lines = now.HashedLines + bytes.Span.Count((byte)'\n');
        if (file.Dialect.Encoding == CsvText.Encodings[0] && CsvText.FirstNotUtf8(bytes.Span) is >= 0 and var bad)
        {
            return Failed(import, $"Line {1 + now.HashedLines + bytes.Span[..bad].Count((byte)'\n')} is not UTF-8: save the file as CSV (UTF-8), or make an import with its encoding.");
        }

        // Of the hash so far and what follows: whoever is killed goes on from here.
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes(now.Hash ?? ""), .. bytes.Span]));
        now = now with { Hashed = now.Hashed + bytes.Length, Hash = hash, HashedLines = lines };
        if (now.Hashed < file.Bytes && bytes.Length > 0)
        {
            return import with { Now = now };
        }

        now = now with { Key = KeyOf(import, now), Offset = file.Rows, Line = file.Line };
        if (import.Status == ImportStatus.Running
            && await table.ClaimAsync(now.Key, import.Id, async other => await table.FindAsync(other, cancellationToken) is not { State.Status: ImportStatus.Running or ImportStatus.Done }, cancellationToken) is { } before)
        {
            return Failed(import, $"The same file was imported before, with the same mapping: see the import {before}. Nothing was changed; start it with again=true if all of it is to count once more.");
        }

        return import with { Now = now };
    }

    /// <summary>Reads the rows of the next piece.</summary>
    private async Task<ImportState> ReadAsync(ImportState import, Func<string, bool> isErased, CancellationToken cancellationToken)
    {
        var (file, now) = (import.File!, import.Now!); // as above
        if (await files.ReadAsync(import.Id, now.Offset, ImportFiles.PieceBytes, cancellationToken) is not { } bytes)
        {
            return Failed(import, "The file is gone.");
        }

        var isLast = now.Offset + bytes.Length >= file.Bytes;
        CsvPiece piece;
        try
        {
            piece = CsvText.Read(bytes.Span, isLast, file.Dialect, now.Line);
        }
        catch (UnreadableTextException unreadable)
        {
            return Failed(import, $"Line {unreadable.Line} is not UTF-8.");
        }

        if (piece.Rows.Count == 0 && !isLast)
        {
            return Failed(import, $"The row that begins in line {now.Line} does not end within {ImportFiles.PieceBytes / 1024} KiB: a quote is probably left open.");
        }

        var read = new PieceReading(new(MappingOf(import), file.Header, now.Key!, now.At, rules.Current.Segments.IsLive), now, isErased); // rows are read once the key is known
        read.Read(piece, isLast);
        var progress = read.Tell(await GoneAsync(read.UserIds, cancellationToken));
        if (import.Status == ImportStatus.Running)
        {
            foreach (var some in read.Events.Chunk(EventsAtOnce))
            {
                await events.EnqueueAsync(some);
            }
        }

        var (looked, known) = import.Status == ImportStatus.Checking ? await LookAsync(read.Events, now, cancellationToken) : (now.Looked, now.Known);
        if (read.Refused.Count > 0)
        {
            await files.WriteRefusedAsync(import.Id, now.Offset, RefusedRows.Text(read.Refused, file.Header), cancellationToken);
        }

        now = progress with { Offset = now.Offset + piece.Bytes, Line = now.Line + piece.Lines, Looked = looked, Known = known };
        if (!isLast)
        {
            return import with { Now = now };
        }

        now = now with { FinishedAt = time.GetUtcNow() };
        return import.Status == ImportStatus.Checking ? import with { Status = ImportStatus.Ready, Now = now, Check = now } : import with { Status = ImportStatus.Done, Now = now };
    }

    /// <summary>Of these user ids, those of people who were erased: of addresses there is a list, of these there is none, so that each is looked for.</summary>
    private async Task<IReadOnlySet<string>> GoneAsync(IEnumerable<string> userIds, CancellationToken cancellationToken)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in userIds.Chunk(ReadAhead))
        {
            var found = await Task.WhenAll(some.Select(user => leads.FindErasedAsync([Identity.User(user)], cancellationToken)));
            gone.UnionWith(some.Where((_, i) => found[i] is not null));
        }

        return gone;
    }

    /// <summary>How many of the rows are about somebody who is known.</summary>
    private async Task<(long Looked, long Known)> LookAsync(IReadOnlyList<LeadEvent> read, ImportProgress now, CancellationToken cancellationToken)
    {
        var (looked, known) = (now.Looked, now.Known);
        foreach (var some in read.Where(e => e.Type == EventType.Identify).Take((int)Math.Max(0, MostLooked - looked)).Chunk(ReadAhead))
        {
            var found = await Task.WhenAll(some.Select(e => leads.FindAsync(Identity.Of(e), cancellationToken)));
            (looked, known) = (looked + some.Length, known + found.Count(people => people.Count > 0));
        }

        return (looked, known);
    }

    internal static ImportMapping MappingOf(ImportState import) =>
        MappingParser.Parse(import.Mapping!.Value).Mapping ?? throw new InvalidDataException($"The stored mapping of {import.Id} cannot be read."); // who starts it has seen that there is one

    private ImportState Failed(ImportState import, string why) => import with { Status = ImportStatus.Failed, Failure = why, Now = import.Now! with { FinishedAt = time.GetUtcNow() } }; // one under way has it

    private static string KeyOf(ImportState import, ImportProgress now) => System.Buffers.Text.Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{now.Hash} {JsonSerializer.Serialize(import.Mapping)} {(now.Again ? import.Id : "")}"))[..15]);
}
