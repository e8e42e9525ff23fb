using System.Runtime.CompilerServices;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Forms.Stored;

/// <summary>
/// The files that came with forms, by form, submission and field: names that the app has made, never a sender's. What came with spam is held apart, under a name that no form can bear, so that it can be forgotten sooner:
/// nobody may ever look at it.
/// </summary>
public sealed class FormFiles
{
    public const string Container = "formfiles";

    /// <summary>Where held files lie; what forgets them in Azure names it too.</summary>
    public const string Held = "_held/";

    /// <summary>In bytes, of all that is held of one form: robots send files as well.</summary>
    private const long MostHeld = 100L * 1024 * 1024;

    private readonly StoredFiles _files;
    private readonly long _room;

    public FormFiles(StorageClients storage)
        : this(storage, MostHeld)
    {
    }

    internal FormFiles(StorageClients storage, long room) => (_files, _room) = (storage.Files(Container), room);

    /// <summary>The same again is the same file.</summary>
    internal Task KeepAsync(string form, string submission, string field, string kind, SentFile file, CancellationToken cancellationToken) =>
        _files.WriteAsync($"{PlaceOf(form, submission, field)}.{kind}", file.Content, cancellationToken);

    /// <summary>With its kind; null when there is none, or none any more.</summary>
    internal async Task<(string Kind, ReadOnlyMemory<byte> Content)?> FindAsync(string form, string submission, string field, CancellationToken cancellationToken)
    {
        await foreach (var name in _files.NamesAsync($"{PlaceOf(form, submission, field)}.", cancellationToken))
        {
            if (await _files.ReadAsync(name, 0, FileRule.MostKilobytes * 1024, cancellationToken) is { } content)
            {
                return (name[(name.LastIndexOf('.') + 1)..], content);
            }
        }

        return null;
    }

    /// <summary>The files of a submission that are there: by field, and of which kind.</summary>
    internal async IAsyncEnumerable<(string Field, string Kind)> NamesAsync(string form, string submission, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = $"{form}/{submission}/";
        await foreach (var name in _files.NamesAsync(place, cancellationToken))
        {
            var dot = name.LastIndexOf('.');
            yield return (name[place.Length..dot], name[(dot + 1)..]);
        }
    }

    /// <summary>Whether there was room: the form's earlier ones take it until they are forgotten.</summary>
    internal async Task<bool> TryHoldAsync(string form, string submission, string field, SentFile file, CancellationToken cancellationToken)
    {
        if (await _files.BytesAsync($"{Held}{form}/", cancellationToken) + file.Content.Length > _room)
        {
            return false;
        }

        await _files.WriteAsync(Held + PlaceOf(form, submission, field), file.Content, cancellationToken);
        return true;
    }

    /// <summary>Null when there is none any more.</summary>
    internal Task<ReadOnlyMemory<byte>?> FindHeldAsync(string form, string submission, string field, CancellationToken cancellationToken) =>
        _files.ReadAsync(Held + PlaceOf(form, submission, field), 0, FileRule.MostKilobytes * 1024, cancellationToken);

    internal Task ForgetHeldAsync(string form, string submission, CancellationToken cancellationToken) => _files.DeleteAsync($"{Held}{form}/{submission}/", cancellationToken);

    /// <summary>All of a form, held or not; or of one submission.</summary>
    internal async Task ForgetAsync(string form, string? submission, CancellationToken cancellationToken)
    {
        var place = submission is null ? $"{form}/" : $"{form}/{submission}/";
        await _files.DeleteAsync(place, cancellationToken);
        await _files.DeleteAsync(Held + place, cancellationToken);
    }

    private static string PlaceOf(string form, string submission, string field) => $"{form}/{submission}/{field}";
}
