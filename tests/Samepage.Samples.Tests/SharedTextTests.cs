using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Samepage.Samples.Tests;

/// <summary>W61: one text in all instances, at once, never torn, whoever dies.</summary>
public sealed partial class SharedTextTests() : SampleTests("SharedText")
{
    [Fact]
    public void W61_a_newcomer_sees_the_current_text()
    {
        _ = Follow();
        Append("first line\n");
        Append("äß€ 漢字 😀");

        Assert.Equal("first line\näß€ 漢字 😀", Show());
    }

    [Fact]
    public void W61_a_change_reaches_all_instances()
    {
        Sample[] followers = [.. Enumerable.Range(0, 4).Select(_ => Follow())];

        foreach (string word in (string[])["one ", "two ", "three "])
        {
            Append(word);
            foreach (Sample follower in followers)
                follower.Output.WaitFor(word);
        }
    }

    [Fact]
    public void W61_without_an_instance_there_is_no_text()
    {
        Start("show").Ends(2);
        Start("append", "lost").Ends(2);

        Assert.Empty(Objects);
    }

    [Fact]
    public void W61_many_writers_at_full_speed_never_tear_the_text()
    {
        _ = Follow();
        Sample[] writers = [.. Enumerable.Range(0, 4).Select(_ => Start("hammer", "--seconds", "60"))];
        Sample reader = Start("verify", "--seconds", "2").Ends(0);

        (long versions, long torn) = Verdict(reader);
        Assert.Equal(0, torn);
        Assert.True(versions > 10, reader.Output.Text);
        foreach (Sample writer in writers)
            writer.Kill();
        Assert.NotEmpty(Show());
    }

    [Fact]
    public void W61_writers_killed_at_any_moment_never_tear_the_text()
    {
        _ = Follow();
        var random = new Random(61);
        Sample[] writers = [.. Enumerable.Range(0, 3).Select(_ => Start("hammer", "--seconds", "60"))];
        Sample reader = Start("verify", "--seconds", "8");
        int killed = 0;
        while (!reader.HasEnded)
        {
            // A moment of chance at which to kill; nothing depends on it.
            Thread.Sleep(random.Next(120));
            int one = random.Next(writers.Length);
            writers[one].Kill();
            writers[one] = Start("hammer", "--seconds", "60");
            killed++;
        }

        reader.Ends(0);
        (long versions, long torn) = Verdict(reader);
        Assert.Equal(0, torn);
        Assert.True(versions > 10 && killed > 10, $"{killed} killed, {reader.Output.Text}");
        foreach (Sample writer in writers)
            writer.Kill();
        Append("the end");
        Assert.EndsWith("the end", Show(), StringComparison.Ordinal);
    }

    [Fact]
    public void W61_a_writer_killed_in_the_middle_of_a_write_leaves_the_text_before_or_after_it()
    {
        Sample follower = Follow();
        for (int round = 0; round < 15; round++)
        {
            int before = follower.Output.Bytes.Length;
            Sample writer = Start("hammer", "--seconds", "60");
            follower.Output.WaitFor(output => output.Length > before);
            // With one writer at full speed most moments are in the middle of a write.
            writer.Kill();

            string text = Show();
            Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text[64..]))), text[..64]);
        }
    }

    [Fact]
    public void W61_an_instance_that_dies_holds_nobody_up()
    {
        Sample first = Follow();
        Follow().Kill();
        Sample third = Follow();

        Append("for both");

        first.Output.WaitFor("for both");
        third.Output.WaitFor("for both");
    }

    [Fact]
    public void W61_the_last_instance_takes_the_text_with_it()
    {
        Sample only = Follow();
        Append("gone");
        only.Kill();

        Start("show").Ends(2);
        _ = Follow();
        Assert.Equal("", Show());
    }

    [Fact]
    public void W61_what_is_typed_in_one_terminal_appears_in_the_others_and_no_cursor_jumps()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no program here that makes a terminal.");
        (Sample left, Sample right) = (Edit(), Edit());

        left.Write("h\u00e9😀x");
        right.Output.WaitFor("hé😀x");
        // The right cursor is still at the start, the left one at the end.
        right.Write("> ");
        left.Output.WaitFor("> hé😀x");
        left.Write("\u007f!\r2");
        right.Output.WaitFor(screen => screen.Contains("> hé😀!", StringComparison.Ordinal) && screen.Contains("version 10,", StringComparison.Ordinal));
        Assert.Equal("> hé😀!\n2", Show());

        left.Kill();
        right.Write("still ");
        right.Output.WaitFor("> still hé😀!");
        right.Write("\e").Ends(0);
    }

    private Sample Edit()
    {
        Sample editor = Keep(new Sample(Root, "/usr/bin/script", "-qec", $"stty rows 24 columns 80; '{Sample.Host}' exec '{Sample.PathOf("SharedText")}'", "/dev/null"));
        editor.Output.WaitFor("Esc ends");
        return editor;
    }

    private Sample Follow()
    {
        Sample follower = Start("follow");
        follower.Output.WaitFor("--- version");
        return follower;
    }

    private void Append(string text) => Start("append", text).Ends(0);

    private string Show() => Start("show").Ends(0).Output.Text;

    private static (long Versions, long Torn) Verdict(Sample reader)
    {
        Match verdict = VerdictLine().Match(reader.Output.Text);
        Assert.True(verdict.Success, reader.Output.Text);
        return (long.Parse(verdict.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(verdict.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"saw (\d+) of \d+ versions, (\d+) torn")]
    private static partial Regex VerdictLine();
}
