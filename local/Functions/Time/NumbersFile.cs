using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LeadFunctions.Local.Functions.Time;

/// <summary>
/// A few numbers that must survive a kill and are written often: one small write in place, so that a clock advanced minute by
/// minute stays fast.
/// </summary>
internal sealed class NumbersFile : IDisposable
{
    private readonly SafeFileHandle handle;

    internal NumbersFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    public void Dispose() => handle.Dispose();

    /// <summary>False when nothing was written yet.</summary>
    internal bool TryRead(Span<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[numbers.Length * sizeof(long)];
        if (RandomAccess.Read(handle, bytes, 0) < bytes.Length)
        {
            return false;
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);
        }

        return true;
    }

    internal void Write(ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[numbers.Length * sizeof(long)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * sizeof(long))..], numbers[i]);
        }

        // What is still running when everything is being taken down may come too late.
        if (!handle.IsClosed)
        {
            RandomAccess.Write(handle, bytes, 0);
        }
    }
}
