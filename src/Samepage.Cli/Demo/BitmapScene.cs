using System.Globalization;

namespace Samepage.Cli.Demo;

/// <summary>A picture in shared memory, read by others while it is replaced; and what a reader has when the writer dies.</summary>
internal static class BitmapScene
{
    private const int Readings = 6;

    public static void Play(Stage stage)
    {
        stage.Title("Bitmap: a picture in shared memory");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("samepage-demo-");
        try
        {
            Play(stage, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Play(Stage stage, string folder)
    {
        byte[][] pictures = [Painting.Bmp(640, 480, 0), Painting.Bmp(1920, 1080, 2), Painting.Bmp(333, 777, 4)];
        string[] files = [.. pictures.Select((p, i) => Save(folder, i, p))];
        string copy = Path.Combine(folder, "copy.bmp");

        using var writer = new SampleProcess("Bitmap", "put", files[0]);
        stage.Say($"process {writer.Id} shares a picture: {writer.ReadLine()}");
        Get(copy);
        stage.Say("another process reads it; its copy looks like this:");
        Painting.Show(stage, File.ReadAllBytes(copy), 32, 12);
        stage.Check(File.ReadAllBytes(copy).AsSpan().SequenceEqual(pictures[0]), "the copy is identical, byte for byte");

        int whole = 0;
        for (int i = 1; i <= Readings; i++)
        {
            // Not waited for: the reader comes before, while, or after the picture is replaced.
            writer.Input.WriteLine(files[i % files.Length]);
            writer.Input.Flush();
            Get(copy);
            byte[] read = File.ReadAllBytes(copy);
            whole += pictures.Any(p => p.AsSpan().SequenceEqual(read)) ? 1 : 0;
        }
        stage.Check(whole == Readings, string.Create(CultureInfo.InvariantCulture,
            $"read {Readings} times while it was replaced by ones of other sizes ({pictures.Min(p => p.Length):N0} to {pictures.Max(p => p.Length):N0} bytes): always one of them, whole"));

        writer.Kill();
        using var late = new SampleProcess("Bitmap", "get", copy);
        stage.Check(late.End() == 2, $"kill -9 of the writer: the next reader is told \"{late.Remarks}\"");
    }

    private static void Get(string copy)
    {
        using var reader = new SampleProcess("Bitmap", "get", copy);
        if (reader.End() != 0)
            throw new IOException($"{reader.Name} failed: {reader.Remarks}");
    }

    private static string Save(string folder, int number, byte[] picture)
    {
        string path = Path.Combine(folder, $"picture{number}.bmp");
        File.WriteAllBytes(path, picture);
        return path;
    }
}
