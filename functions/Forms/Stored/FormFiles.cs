using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Forms.Stored;

/// <summary>The files that came with forms, by form, submission and field: names that the app has made, never a sender's.</summary>
public sealed class FormFiles(StorageClients storage)
{
    public const string Container = "formfiles";

    private readonly StoredFiles _files = storage.Files(Container);

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

    /// <summary>All of a form; or of one submission.</summary>
    internal Task ForgetAsync(string form, string? submission, CancellationToken cancellationToken) => _files.DeleteAsync(submission is null ? $"{form}/" : $"{form}/{submission}/", cancellationToken);

    private static string PlaceOf(string form, string submission, string field) => $"{form}/{submission}/{field}";
}
