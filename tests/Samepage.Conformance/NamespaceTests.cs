using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>One namespace of all kinds, and which names there are: W07 and W08.</summary>
public sealed class NamespaceTests
{
    [Fact]
    public void W07_A_sections_name_is_refused_for_a_mutex()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using MemoryView view = section.Map();
        view.Span.Fill(0x5A);
        SharedObjectException refused = Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMutex.Open(name));
        Assert.Equal(name, refused.ObjectName);
        Assert.Contains("section", refused.Message, StringComparison.Ordinal);
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMutex.CreateOrOpen(name));
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMutex.TryOpen(name, out _));
        Assert.Equal(-1, view.ReadOnlySpan.IndexOfAnyExcept((byte)0x5A));
        Assert.True(SharedMemory.Exists(name));
        Assert.False(SharedMutex.Exists(name));
    }

    /// <summary>Those that names are given to.</summary>
    internal static SharedObjectKind[] Kinds { get; } =
        [SharedObjectKind.Section, SharedObjectKind.Mutex, SharedObjectKind.Event, SharedObjectKind.Semaphore];

    public static TheoryData<SharedObjectKind, SharedObjectKind> DifferentKinds()
    {
        var pairs = new TheoryData<SharedObjectKind, SharedObjectKind>();
        foreach (SharedObjectKind made in Kinds)
        {
            foreach (SharedObjectKind asked in Kinds)
            {
                if (made != asked)
                    pairs.Add(made, asked);
            }
        }
        return pairs;
    }

    [Theory]
    [MemberData(nameof(DifferentKinds))]
    public void W07_No_kind_takes_the_name_of_another_and_nothing_is_damaged(SharedObjectKind made, SharedObjectKind asked)
    {
        string name = Expect.NewName();
        using IDisposable original = CreateOrOpen(made, name);
        Expect.Refusal(FailureReason.WrongKind, 6, () => Open(asked, name));
        Expect.Refusal(FailureReason.WrongKind, 6, () => CreateOrOpen(asked, name));
        Assert.Equal(made, SharedObjects.Find(name)!.Kind);
        Open(made, name).Dispose();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(230)]
    [InlineData(236)]
    [InlineData(253)]
    public void W08_A_long_name_and_one_with_Local_have_the_same_size(int length)
    {
        string name = Guid.NewGuid().ToString("N")[..10].PadRight(length, 'x');
        using SharedMemory section = SharedMemory.Create(@"Local\" + name, 100);
        using SharedMemory same = SharedMemory.Open(name);
        Assert.Equal(100, same.Size);
    }

    [Fact]
    public void W08_A_bare_name_and_one_with_Local_are_the_same_object()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using SharedMemory same = SharedMemory.Open(@"Local\" + name);
        using MemoryView one = section.Map();
        using MemoryView other = same.Map();
        one.Span[17] = 17;
        Assert.Equal(17, other.ReadOnlySpan[17]);
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedMutex.Create(@"Local\" + name));
        Assert.Equal(SharedObjectScope.Local, same.Info.Scope);
    }

    [Fact]
    public void W08_Global_is_another_scope_than_none()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        Assert.False(SharedMemory.Exists(@"Global\" + name));
        using SharedMemory global = SharedMemory.Create(@"Global\" + name, 8192);
        Assert.Equal(SharedObjectScope.Global, global.Info.Scope);
        Assert.Equal(@"Global\" + name, global.Name);
        Assert.Equal(4096, SharedMemory.Open(name).Size);
        using Peer peer = Peer.Start();
        peer.Do("open-section", "g", @"Global\" + name);
        Assert.Equal("8192", peer.Do("section-size", "g"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(@"Global\")]
    [InlineData(@"Local\")]
    [InlineData(@"a\b")]
    [InlineData(@"\a")]
    [InlineData(@"a\")]
    [InlineData(@"Global\a\b")]
    [InlineData(@"Local\Global\a")]
    [InlineData(@"Session\1\a")]
    [InlineData(@"global\a")]
    [InlineData(@"LOCAL\a")]
    [InlineData("a\0b")]
    [InlineData("\0")]
    public void W08_A_name_that_cannot_be_is_refused_for_every_kind(string name)
    {
        Assert.Throws<ArgumentException>(() => SharedMemory.Create(name, 4096));
        Assert.Throws<ArgumentException>(() => SharedMemory.TryOpen(name, out _));
        Assert.Throws<ArgumentException>(() => SharedMemory.Exists(name));
        Assert.Throws<ArgumentException>(() => SharedMutex.CreateOrOpen(name));
        Assert.Throws<ArgumentException>(() => SharedEvent.CreateOrOpen(name, EventResetMode.AutoReset));
        Assert.Throws<ArgumentException>(() => SharedSemaphore.CreateOrOpen(name, 0, 1));
        Assert.Throws<ArgumentException>(() => SharedObjects.Find(name));
    }

    [Fact]
    public void W08_Half_a_surrogate_pair_is_no_character_and_refused()
    {
        foreach (string name in new[] { "a\ud83d", "\udca9a", "\udca9\ud83d", "x\ud83dy", "\ud83d\ud83d\udca9" })
            Assert.Throws<ArgumentException>(() => SharedMutex.CreateOrOpen(name));
    }

    [Fact]
    public void W08_No_name_at_all_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => SharedMemory.Create(null!, 4096));
        Assert.Throws<ArgumentNullException>(() => SharedMutex.Open(null!));
    }

    [Fact]
    public void W08_260_characters_are_a_name_and_261_are_not()
    {
        string longest = Expect.NewName().PadRight(260, 'n');
        using SharedMemory section = SharedMemory.Create(longest, 4096);
        using SharedMemory opened = SharedMemory.Open(longest);
        Assert.Equal(longest, opened.Name);
        Assert.Throws<ArgumentException>(() => SharedMemory.Create(longest + "n", 4096));
        // One that agrees in all but the last character is another.
        Assert.False(SharedMemory.Exists(longest[..259]));
        Assert.False(SharedMemory.Exists(longest[..259] + "m"));
        using SharedMemory other = SharedMemory.Create(longest[..259] + "m", 8192);
        Assert.Equal(4096, opened.Size);
        Assert.Equal(longest, SharedObjects.Find(longest)!.Name);
    }

    [Fact]
    public void W08_260_characters_of_three_bytes_each_are_a_name_too()
    {
        string longest = Guid.NewGuid().ToString("N").PadRight(260, '\u6f22');
        using SharedMemory section = SharedMemory.Create(longest, 4096);
        using Peer peer = Peer.Start();
        peer.Do("open-section", "s", longest);
        Assert.StartsWith(longest + "|", peer.Do("section-info", "s"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with spaces  twice")]
    [InlineData(" ")]
    [InlineData("trailing space ")]
    [InlineData("trailing.dot.")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("../../etc/passwd")]
    [InlineData("/")]
    [InlineData("/absolute")]
    [InlineData("a/b")]
    [InlineData("%")]
    [InlineData("%41")]
    [InlineData("%%00")]
    [InlineData("100%")]
    [InlineData("~tilde")]
    [InlineData("a:b|c?d*e<f>g\"h")]
    [InlineData("tab\tnew\nline\r\x7f")]
    [InlineData("na\u00efve caf\u00e9")]
    [InlineData("\u65e5\u672c\u8a9e")]
    [InlineData("\ud83d\udca9\ud83d\udc69\u200d\ud83d\udcbb")]
    [InlineData("\ufffd\ufeff\u202e")]
    [InlineData("CON")]
    [InlineData("-rf")]
    [InlineData("{guid}")]
    public void W08_Any_Unicode_is_a_name_and_another_process_finds_it(string text)
    {
        // Unique in front where the text's end matters, nowhere where it is all that matters: the run has its objects for itself.
        using SharedEvent made = SharedEvent.Create(text, EventResetMode.ManualReset, initiallySet: true);
        Assert.Equal(text, made.Name);
        Assert.Equal(text, SharedObjects.Find(text)!.Name);
        Assert.Contains(SharedObjects.List(), o => o.Name == text);
        using Peer peer = Peer.Start();
        peer.Do("open-event", "e", text);
        Assert.Equal("Signaled", peer.Do("wait", "e", 0));
    }

    [Fact]
    public async Task W07_No_name_is_listed_twice_while_others_come_and_go()
    {
        string stem = Expect.NewName();
        SharedEvent[] standing = [.. Enumerable.Range(0, 50).Select(i => SharedEvent.Create($"{stem} {i}", EventResetMode.AutoReset))];
        using var enough = new CancellationTokenSource();
        int made = 0;
        Task<bool> others = Expect.Begin(() =>
        {
            while (!enough.IsCancellationRequested)
                SharedEvent.Create($"{stem} passing {Interlocked.Increment(ref made)}", EventResetMode.AutoReset).Dispose();
            return true;
        });
        Expect.Eventually(() => Volatile.Read(ref made) > 0, "others that come and go");
        for (int reading = 0; reading < 50; reading++)
        {
            string[] listed = Listed();
            Assert.Equal(listed.Distinct(), listed);
        }
        await enough.CancelAsync();
        Assert.True(await others.WaitAsync(Peer.Patience));
        Assert.Equal(standing.Select(e => e.Name!).Order(StringComparer.Ordinal), Listed());
        Assert.All(standing, e => e.Dispose());

        string[] Listed() =>
            [.. SharedObjects.List().Select(o => o.Name!).Where(n => n.StartsWith(stem, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void W08_Names_are_case_sensitive()
    {
        string name = Expect.NewName();
        using SharedMemory lower = SharedMemory.Create(name + "a", 4096);
        using SharedMemory upper = SharedMemory.Create(name + "A", 8192);
        Assert.Equal(4096, SharedMemory.Open(name + "a").Size);
        Assert.Equal(8192, SharedMemory.Open(name + "A").Size);
    }

    [Fact]
    public void W08_Names_that_only_normalisation_makes_equal_are_different()
    {
        string start = Expect.NewName();
        string composed = start + "\u00e9", decomposed = start + "e\u0301";
        using SharedMemory one = SharedMemory.Create(composed, 4096);
        Assert.False(SharedMemory.Exists(decomposed));
        using SharedMemory other = SharedMemory.Create(decomposed, 8192);
        Assert.Equal(4096, SharedMemory.Open(composed).Size);
        Assert.Equal(8192, SharedMemory.Open(decomposed).Size);
    }

    [Fact]
    public void W08_Names_that_only_an_encoding_could_make_equal_are_different()
    {
        string start = Expect.NewName();
        string[] names = [start + "/", start + "%2F", start + "%2f", start + "%252F", start + "\uff0f"];
        SharedMemory[] sections = [.. names.Select((n, i) => SharedMemory.Create(n, 100 + i))];
        for (int i = 0; i < names.Length; i++)
        {
            using SharedMemory opened = SharedMemory.Open(names[i]);
            Assert.Equal(100 + i, opened.Size);
        }
        foreach (SharedMemory section in sections)
            section.Dispose();
    }

    internal static IDisposable CreateOrOpen(SharedObjectKind kind, string name) => kind switch
    {
        SharedObjectKind.Section => SharedMemory.CreateOrOpen(name, 4096),
        SharedObjectKind.Mutex => SharedMutex.CreateOrOpen(name),
        SharedObjectKind.Event => SharedEvent.CreateOrOpen(name, EventResetMode.AutoReset),
        _ => SharedSemaphore.CreateOrOpen(name, 1, 2),
    };

    internal static IDisposable Open(SharedObjectKind kind, string name) => kind switch
    {
        SharedObjectKind.Section => SharedMemory.Open(name),
        SharedObjectKind.Mutex => SharedMutex.Open(name),
        SharedObjectKind.Event => SharedEvent.Open(name),
        _ => SharedSemaphore.Open(name),
    };
}
