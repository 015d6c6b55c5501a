// usage: java -cp LUCENE.jar[:MORE.jar] Lucene.java BODY.tsv [N]
//
// What Lucene's Italian chain costs on the same articles (the example `made` makes them): one stemmed field with places, not stored,
// one writer with the memory that `throughput --anchors` gives its own. Prints seconds of processor of the whole process
// (compiling and collecting its garbage as well) and bytes an article, twice: the second time everything is compiled.
// Installs nothing: the jars (lucene-core and lucene-analysis-common, 9 or newer) are brought by whoever runs it.

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.FSDirectory;

public class Lucene {
    public static void main(String[] args) throws IOException {
        int most = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
        List<String> texts = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(Path.of(args[0]))) {
            for (String line; texts.size() < most && (line = lines.readLine()) != null; ) {
                texts.add(line.split("\t", 3)[2]);
            }
        }
        for (String name : new String[] {"Lucene, cold", "Lucene, warm"}) {
            build(name, texts);
        }
    }

    static void build(String name, List<String> texts) throws IOException {
        FieldType words = new FieldType();
        words.setTokenized(true);
        words.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
        words.freeze();
        Path folder = Files.createTempDirectory("lucene");
        double begin = spent();
        IndexWriterConfig config = new IndexWriterConfig(new ItalianAnalyzer());
        config.setRAMBufferSizeMB(32);
        config.setMergeScheduler(new SerialMergeScheduler());
        try (FSDirectory directory = FSDirectory.open(folder)) {
            try (IndexWriter writer = new IndexWriter(directory, config)) {
                for (String text : texts) {
                    Document document = new Document();
                    document.add(new Field("text", text, words));
                    writer.addDocument(document);
                }
                writer.commit();
            }
        }
        double took = spent() - begin;
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
                Files.delete(file);
            }
        }
        System.out.printf(Locale.ROOT, "  %-24s %6.1f s, %7.0f a second, %5.0f B an article%n",
            name, took, texts.size() / took, (double) bytes / texts.size());
    }

    static double spent() {
        var machine = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return machine.getProcessCpuTime() / 1e9;
    }
}
