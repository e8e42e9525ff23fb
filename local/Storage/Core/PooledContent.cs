using System.Buffers;
using Azure.Core;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>
/// A request body built in a rented array. The array goes back to the pool when the request is disposed, which is after the
/// last retry; when sending failed in the middle it is left to the garbage collector, since a socket may still read it.
/// </summary>
internal sealed class PooledContent(int capacity) : RequestContent, IBufferWriter<byte>
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;
    private bool _abandoned;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Abandon() => _abandoned = true;

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    public void WriteAscii(scoped ReadOnlySpan<char> text)
    {
        _ = System.Text.Ascii.FromUtf16(text, GetSpan(text.Length), out var written);
        _length += written;
    }

    public override Task WriteToAsync(Stream stream, CancellationToken cancellation) =>
        stream.WriteAsync(Written, cancellation).AsTask();

    public override void WriteTo(Stream stream, CancellationToken cancellation) => stream.Write(Written.Span);

    public override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    public override void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (!_abandoned && buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reserve(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed <= _buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
