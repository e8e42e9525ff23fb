using System.Text;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.State;

/// <summary>
/// Changes of listings as bytes, in the log and in snapshots. Each has its length before it: what a later build adds at the end, this one passes over, and a field that is missing there has its default.
/// </summary>
internal static class ListingChanges
{
    private const byte Format = 1;

    public static byte[] Write(IEnumerable<ListingChange> changes)
    {
        using var bytes = new MemoryStream();
        using var all = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        all.Write(Format);
        using var buffer = new MemoryStream();
        using var one = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true);
        foreach (var change in changes)
        {
            buffer.SetLength(0);
            Write(one, change);
            one.Flush();
            all.Write7BitEncodedInt((int)buffer.Length);
            all.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
        }

        all.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">It is of a format that this build does not know.</exception>
    public static IReadOnlyList<ListingChange> Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (reader.ReadByte() is not Format and var format)
        {
            throw new InvalidDataException($"Listings of format {format} are of a later build.");
        }

        var changes = new List<ListingChange>();
        while (stream.Position < stream.Length)
        {
            var end = reader.Read7BitEncodedInt() + stream.Position;
            changes.Add(ReadOne(reader, end));
            stream.Position = end;
        }

        return changes;
    }

    private static void Write(BinaryWriter to, ListingChange change)
    {
        Span<byte> id = stackalloc byte[16];
        LeadIds.Decode(change.LeadId, id);
        to.Write(id);
        to.Write7BitEncodedInt64(change.Version);
        to.Write(change.Lead is not null);
        if (change.Lead is not { } lead)
        {
            return;
        }

        to.Write(lead.Stage);
        foreach (var text in (ReadOnlySpan<string?>)[lead.Name, lead.Company, lead.Email, lead.UserId, lead.Owner, lead.Grade])
        {
            to.Write(text ?? "");
        }

        to.Write(lead.Fit);
        to.Write7BitEncodedInt64(lead.FirstSeen);
        to.Write7BitEncodedInt64(lead.LastSeen);
        to.Write7BitEncodedInt64(lead.Engagement.At);
        to.Write7BitEncodedInt(lead.Engagement.Parts.Count);
        foreach (var part in lead.Engagement.Parts)
        {
            to.Write(part.HalfLife);
            to.Write(part.Points);
            to.Write7BitEncodedInt64(part.From);
        }

        to.Write7BitEncodedInt(lead.Segments.Count);
        foreach (var segment in lead.Segments)
        {
            to.Write(segment);
        }

        to.Write(lead.CompanyId ?? "");
        to.Write(lead.Act?.Name ?? "");
        to.Write7BitEncodedInt64(lead.Act?.At ?? 0);
        to.Write7BitEncodedInt(lead.Held);
        to.Write7BitEncodedInt64(lead.FailedAt);
    }

    /// <param name="end">Where the next one begins: what an earlier build wrote ends before what was added since.</param>
    private static ListingChange ReadOne(BinaryReader from, long end)
    {
        var id = LeadIds.Encode(from.ReadBytes(16));
        var version = from.Read7BitEncodedInt64();
        if (!from.ReadBoolean())
        {
            return new ListingChange(id, version, null);
        }

        var (stage, name, company, email, userId, owner, grade) = (from.ReadString(), Text(), Text(), Text(), Text(), Text(), Text());
        var (fit, first, last, at) = (from.ReadDouble(), from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64());
        var parts = new CurvePart[from.Read7BitEncodedInt()];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new(from.ReadDouble(), from.ReadDouble(), from.Read7BitEncodedInt64());
        }

        var segments = new string[from.Read7BitEncodedInt()];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = from.ReadString();
        }

        var companyId = from.BaseStream.Position < end ? Text() : null;
        var (act, held, failedAt) = from.BaseStream.Position < end ? (Act(), from.Read7BitEncodedInt(), from.Read7BitEncodedInt64()) : (null, 0, 0);
        return new ListingChange(id, version, new(id, stage, name, company, email, userId, owner, fit, grade, first, last, segments, new(at, parts), companyId, act, held, failedAt));

        HumanAct? Act() => (Text(), from.Read7BitEncodedInt64()) is ({ } name, var at) ? new(name, at) : null;

        string? Text() => from.ReadString() is { Length: > 0 } text ? text : null;
    }
}
