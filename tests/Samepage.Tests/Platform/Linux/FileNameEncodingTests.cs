using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Samepage.Platform.Linux;

namespace Samepage.Tests.Platform.Linux;

public sealed class FileNameEncodingTests
{
    private static string Encode(string bare) => Encoding.ASCII.GetString(FileNameEncoding.Encode(bare)).TrimEnd('\0');

    [Fact]
    public void Every_form_is_one_safe_file_name()
    {
        Prop.ForAll(Names.Bare, name =>
        {
            byte[] form = FileNameEncoding.Encode(name);
            ReadOnlySpan<byte> text = form.AsSpan(0, form.Length - 1);
            return form[^1] == 0 && text.Length is > 0 and <= 255 && text[0] != '.'
                && text.IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.%~"u8) < 0;
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2_000));
    }

    [Fact]
    public void Two_names_never_have_one_form()
    {
        Prop.ForAll(Names.Bare, Names.Bare, (one, other) => one == other == (Encode(one) == Encode(other)))
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2_000));
        // And over all that were ever generated, not just the pairs.
        var forms = new Dictionary<string, string>();
        Prop.ForAll(Names.Bare, name => !forms.TryGetValue(Encode(name), out string? before) ? forms.TryAdd(Encode(name), name) : before == name)
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(5_000));
    }

    [Fact]
    public void A_form_gives_its_name_back_unless_it_had_to_be_shortened()
    {
        Prop.ForAll(Names.Bare, name =>
        {
            string form = Encode(name);
            return FileNameEncoding.IsHashed(form) ? FileNameEncoding.TryDecode(form) is null : FileNameEncoding.TryDecode(form) == name;
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2_000));
    }

    [Fact]
    public void What_no_name_encodes_to_decodes_to_nothing()
    {
        string[] pieces = ["a", "Z", "%", "41", "2F", "2f", "%00", "%E9", "%C3%A9", " ", ".", "~", "/", "é", "0"];
        Arbitrary<string> texts = (
            from length in Gen.Choose(1, 8)
            from parts in Gen.Elements(pieces).ArrayOf(length)
            select string.Concat(parts)).ToArbitrary();
        Prop.ForAll(texts, text => FileNameEncoding.TryDecode(text) is not { } name || Encode(name) == text)
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(5_000));
    }

    [Theory]
    [InlineData("%41")]
    [InlineData("%2f")]
    [InlineData("% 2")]
    [InlineData("%2 ")]
    [InlineData("%C3")]
    [InlineData("%4")]
    [InlineData("a%")]
    [InlineData("a b")]
    [InlineData(".a")]
    [InlineData("")]
    public void A_foreign_file_name_stands_for_no_object(string fileName) => Assert.Null(FileNameEncoding.TryDecode(fileName));

    [Theory]
    [InlineData("plain-name_1.x", "plain-name_1.x")]
    [InlineData(".", "%2E")]
    [InlineData("..", "%2E.")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("%", "%25")]
    [InlineData("é", "%C3%A9")]
    public void The_forms_are_those_of_the_format(string name, string form) => Assert.Equal(form, Encode(name));

    [Fact]
    public void A_long_name_keeps_its_beginning_and_has_a_hash_of_all_of_it()
    {
        string name = new('n', 260);
        string form = Encode(name);
        Assert.Equal(160 + 1 + 64, form.Length);
        Assert.StartsWith(new string('n', 160) + "~", form, StringComparison.Ordinal);
        Assert.True(FileNameEncoding.IsHashed(form));
        Assert.NotEqual(form, Encode(new string('n', 259) + "m"));
        Assert.False(FileNameEncoding.IsHashed(Encode(new string('n', FileNameEncoding.LongestPlain))));
    }
}
