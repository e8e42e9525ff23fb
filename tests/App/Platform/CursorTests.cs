using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Tests.Platform;

public sealed class CursorTests
{
    private sealed record Position(string Key, int Page);

    private sealed record OtherPosition(string Key, int Page);

    [Fact]
    public void A_cursor_leads_back_to_its_position()
    {
        var law = Prop.ForAll<NonNull<string>, int>((key, page) =>
        {
            // Text that is not valid Unicode cannot be JSON.
            var position = new Position(new string([.. key.Get.Where(c => !char.IsSurrogate(c))]), page);
            return Cursor.TryDecode<Position>(Cursor.Encode(position), out var found) && found == position;
        });

        law.Check(Config.QuickThrowOnFailure.WithReplay(new Replay(new Rnd(20260101, 1), null)));
    }

    [Fact]
    public void A_cursor_with_any_character_changed_is_refused()
    {
        var cursor = Cursor.Encode(new Position("8f3a", 2));

        for (var i = 0; i < cursor.Length; i++)
        {
            // The last character's low bits may be padding; flipping a high one always changes the bytes.
            var altered = cursor[..i] + (cursor[i] == 'A' ? 'Q' : 'A') + cursor[(i + 1)..];

            Assert.False(Cursor.TryDecode<Position>(altered, out _), altered);
        }
    }

    [Fact]
    public void A_cursor_of_another_listing_is_refused() =>
        Assert.False(Cursor.TryDecode<OtherPosition>(Cursor.Encode(new Position("8f3a", 2)), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_cursor_is_refused(string? text) => Assert.False(Cursor.TryDecode<Position>(text, out _));
}
