using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LeadFunctions.Local.Functions.Time;

/// <summary>
/// Keeps an advanced clock across restarts: without it time would jump back behind the data. One write of a few bytes in
/// place, so that a clock that is advanced minute by minute stays fast and a killed process loses nothing.
/// </summary>
internal sealed class ClockFile : IDisposable
{
    private readonly SafeFileHandle handle;

    internal ClockFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    public void Dispose() => handle.Dispose();

    internal Saved? Read()
    {
        Span<byte> bytes = stackalloc byte[17];
        return RandomAccess.Read(handle, bytes, 0) < bytes.Length
            ? null
            : new Saved(Time(bytes), Time(bytes[8..]), bytes[16] != 0);
    }

    internal void Write(Saved saved)
    {
        Span<byte> bytes = stackalloc byte[17];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, saved.Now.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], saved.At.UtcTicks);
        bytes[16] = saved.IsFrozen ? (byte)1 : (byte)0;
        if (!handle.IsClosed)
        {
            RandomAccess.Write(handle, bytes, 0);
        }
    }

    private static DateTimeOffset Time(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.Zero);

    /// <summary>What the clock showed at a moment of real time.</summary>
    internal sealed record Saved(DateTimeOffset Now, DateTimeOffset At, bool IsFrozen);
}
